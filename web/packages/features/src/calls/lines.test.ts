import type { LineRow } from '@hub/contract'
import { expect, it } from 'vitest'
import { countStates, matchingLines, stretchesOf, touchOf } from './lines'

const line = (id: string, more: Partial<LineRow> = {}): LineRow => ({
  id,
  name: id,
  kind: 'station',
  place: '',
  district: 'district:2',
  state: 'idle',
  online: true,
  call: null,
  since: null,
  auto_answer: 'never',
  phone: false,
  ...more,
})

it('stands the main station and the seats first, then the districts by number, then people', () => {
  const wall = stretchesOf([
    line('station:20', { district: 'district:10' }),
    line('station:9'),
    line('station:10'),
    line('account:1', { kind: 'account', district: '' }),
    line('station:0', { district: 'station:0' }),
    line('person:1', { kind: 'staff', district: 'district:2' }),
  ])

  expect(wall.map(({ id, lines }) => [id, lines.map((one) => one.id)])).toEqual([
    ['centre', ['station:0', 'account:1']],
    ['district:2', ['station:9', 'station:10']],
    ['district:10', ['station:20']],
    ['people', ['person:1']],
  ])
})

it('narrows by words, state and kind together', () => {
  const lines = [
    line('a', { name: '东湖站' }),
    line('b', { name: '东湖站二', state: 'offline' }),
    line('c', { name: '东方', kind: 'staff' }),
  ]

  const found = matchingLines(lines, { text: '东湖', states: ['idle'], kinds: ['station'] })

  expect(found.map(({ id }) => id)).toEqual(['a'])
})

it('counts each state, those of nobody too', () => {
  expect(countStates([line('a'), line('b'), line('c', { state: 'talking' })])).toEqual({
    idle: 2,
    ringing: 0,
    talking: 1,
    held: 0,
    offline: 0,
    fault: 0,
  })
})

it('calls a free line at the first touch, and asks where that would disturb somebody', () => {
  expect(touchOf(line('a'), false)).toBe('call')
  expect(touchOf(line('a'), true)).toBe('choose')
  expect(touchOf(line('a', { state: 'talking' }), false)).toBe('choose')
})
