import type { TakingRow } from '@hub/contract'
import { expect, test } from 'vitest'
import { signing, sorted, standings, totals } from './parts'

const row = (more: Partial<TakingRow>): TakingRow => ({
  id: '',
  activity: '',
  person: '',
  name: '',
  delegation: '',
  registered: true,
  place: 1,
  waiting: false,
  leave: '',
  refused: '',
  signed_in: null,
  way: '',
  away: null,
  doubts: [],
  judged: null,
  counts: false,
  signed_out: null,
  answered: false,
  ...more,
})

test('who waits is not counted as registered, and who is on leave is neither', () => {
  const rows = [
    row({}),
    row({ signed_in: '2026-05-20T01:00:00Z' }),
    row({ waiting: true, place: 3 }),
    row({ registered: false, leave: '出差' }),
  ]
  expect(totals(rows)).toEqual({ registered: 2, waiting: 1, signed: 1, leave: 1, answered: 0 })
  expect(standings(rows).map(({ key, n }) => [key, n])).toEqual([
    ['registered', 2],
    ['signed', 1],
    ['doubtful', 0],
    ['absent', 1],
    ['waiting', 1],
    ['leave', 1],
  ])
})

test('what a clerk has to judge stands first, and who has left last', () => {
  const rows = [
    row({ id: 'second', place: 2 }),
    row({ id: 'gone', registered: false, place: 0 }),
    row({ id: 'doubtful', place: 9, signed_in: '2026-05-20T01:00:00Z', doubts: ['coarse'] }),
    row({ id: 'first', place: 1 }),
  ]
  expect(sorted(rows).map(({ id }) => id)).toEqual(['doubtful', 'first', 'second', 'gone'])
})

test('one may sign in from an hour before the start to an hour after the end', () => {
  const facts = { starts: '2026-05-20T01:00:00Z', ends: '2026-05-20T04:00:00Z' }
  const at = (time: string) => signing(facts, Date.parse(`2026-05-20T${time}Z`)).now
  expect([at('23:59:00') || at('00:01:00'), at('04:59:00'), at('05:01:00')]).toEqual([
    true,
    true,
    false,
  ])
  expect(signing(facts, Date.parse('2026-05-19T23:59:00Z')).now).toBe(false)
})
