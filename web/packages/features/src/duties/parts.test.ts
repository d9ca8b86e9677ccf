import type { TakingRow } from '@hub/contract'
import { expect, test } from 'vitest'
import { totals } from './parts'

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
  signed_in: null,
  way: '',
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
  expect(totals(rows)).toEqual({ registered: 2, waiting: 1, signed: 1, leave: 1 })
})
