import type { FloorState } from '@hub/client'
import { expect, it } from 'vitest'
import { floorStand } from './floor'

const NOW = Date.parse('2026-11-22T08:00:00Z')
const state = (more: Partial<FloorState> = {}): FloorState => ({
  seq: 4,
  grant: 4,
  holder: 'station:17@call:1#a',
  ref: 'station:17',
  name: '十七号站',
  rank: 3,
  since: '2026-11-22T07:59:50Z',
  until: '2026-11-22T08:00:19.2Z',
  revoking: false,
  queue: [],
  ...more,
})
const waiting = { peer: 'me', ref: 'station:3', name: '三号站', rank: 3 }

it('says who speaks and for how long yet', () => {
  expect(floorStand(state(), 'me', NOW)).toMatchObject({
    mode: 'taken',
    name: '十七号站',
    left: 20,
  })
})

it('says to the holder that it is he', () => {
  expect(floorStand(state({ holder: 'me' }), 'me', NOW).mode).toBe('mine')
})

it('says to who waits at which place', () => {
  const stand = floorStand(state({ queue: [{ ...waiting, peer: 'x' }, waiting] }), 'me', NOW)

  expect(stand).toMatchObject({ mode: 'queued', place: 2, queue: ['三号站', '三号站'] })
})

it('is free for everybody where nobody holds it, and for who is not connected yet', () => {
  expect(floorStand(null, 'me', NOW).mode).toBe('idle')
  expect(floorStand(state({ holder: '', until: null }), '', NOW)).toMatchObject({
    mode: 'idle',
    left: null,
  })
})
