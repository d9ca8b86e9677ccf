import type { MyCallRow } from '@hub/contract'
import { expect, it } from 'vitest'
import { byFront, byUrgency, hangsUpBy, mayHold, ringingOf, takesAttention } from './rows'
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

it('holds nothing that still rings, and nothing that one only listens to', () => {
  expect(mayHold(myCall('a'))).toBe(true)
  expect(mayHold(myCall('a', { call_state: 'ringing' }))).toBe(false)
  expect(mayHold(myCall('a', { listen_only: true }))).toBe(false)
  expect(mayHold(myCall('a', { role: 'listener' }))).toBe(false)
  expect(mayHold(myCall('a', { call_state: 'held', waits: true }))).toBe(false)
})

it('takes attention while one talks or listens, and not while one holds or listens in', () => {
  expect(takesAttention(myCall('a', { listen_only: true }))).toBe(true)
  expect(takesAttention(myCall('a', { state: 'held' }))).toBe(false)
  expect(takesAttention(myCall('a', { role: 'listener' }))).toBe(false)
})
