import type { MyCallRow } from '@hub/contract'
import { expect, it } from 'vitest'
import { byFront, byUrgency, entersLate, hangsUpBy, ringingOf } from './rows'
import { myCall } from './samples'

const ids = (rows: MyCallRow[]): string[] => rows.map(({ id }) => id)

it('puts the call one talks in before those on hold', () => {
  const rows = [
    myCall('held', { state: 'held', since: '2026-11-22T09:00:00Z' }),
    myCall('old', { since: '2026-11-22T07:00:00Z' }),
    myCall('new', { since: '2026-11-22T08:00:00Z' }),
    myCall('over', { call_state: 'ended' }),
    myCall('rings', { state: 'ringing' }),
  ]

  expect(ids(byFront(rows))).toEqual(['new', 'old', 'held'])
})

it('lets an emergency ring before what rang earlier, and sound like one', () => {
  const rows = [
    myCall('first', { state: 'ringing' }),
    myCall('urgent', { state: 'ringing', priority: 9, since: '2026-11-22T09:00:00Z' }),
  ]

  expect(ids(byUrgency(rows))).toEqual(['urgent', 'first'])
  expect(ringingOf(rows)).toBe('emergency')
})

it('does not ring for a call that answers by itself', () => {
  expect(ringingOf([myCall('a', { state: 'ringing', auto_answer: true })])).toBe('none')
})

it('lets a caller hear that the other side rings, until somebody answers', () => {
  const calling = myCall('a', { role: 'caller', call_state: 'ringing' })

  expect(ringingOf([calling])).toBe('back')
  expect(ringingOf([{ ...calling, call_state: 'open' }])).toBe('none')
})

it('ends a call of two by hanging up, and only leaves a greater one', () => {
  expect(hangsUpBy(myCall('a', { mine: true }))).toBe('EndCall')
  expect(hangsUpBy(myCall('a', { mine: true, kind: 'group' }))).toBe('LeaveCall')
  expect(hangsUpBy(myCall('a'))).toBe('LeaveCall')
})

it('offers a call of several that goes on without one, and no other', () => {
  const missed = myCall('a', { state: 'unanswered', missed: true, kind: 'group' })

  expect(entersLate(missed)).toBe(true)
  expect(entersLate({ ...missed, call_state: 'ended' })).toBe(false)
  expect(entersLate({ ...missed, kind: 'single' })).toBe(false)
  expect(entersLate({ ...missed, state: 'joined' })).toBe(false)
})
