import { expect, it } from 'vitest'
import { daysTo, restsOf } from './due'

it('counts days as the city does: one minute past midnight there is another day', () => {
  const late = Date.parse('2026-11-21T15:59:00Z')

  expect(daysTo('2026-11-22', late)).toBe(1)
  expect(daysTo('2026-11-22', late + 60_000)).toBe(0)
  expect(daysTo('2026-11-20', late + 60_000)).toBe(-2)
})

it('reads days left out one after the other as one stretch', () => {
  const days = [
    { day: '2026-10-01', why: '国庆节' },
    { day: '2026-10-02', why: '国庆节' },
    { day: '2026-10-10', why: '周末' },
    { day: '2026-10-11', why: '周末' },
    { day: '2026-10-17', why: '周末' },
  ]

  expect(restsOf(days)).toEqual([
    { since: '2026-10-01', until: '2026-10-02', why: '国庆节', n: 2 },
    { since: '2026-10-10', until: '2026-10-11', why: '周末', n: 2 },
    { since: '2026-10-17', until: '2026-10-17', why: '周末', n: 1 },
  ])
})
