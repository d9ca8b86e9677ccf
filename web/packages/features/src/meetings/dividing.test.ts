import type { MeetingMemberRow } from '@hub/contract'
import { expect, it } from 'vitest'
import { byUnit, dividable, inEqualParts, moved } from './dividing'

const row = (n: number, more: object = {}): MeetingMemberRow =>
  ({
    id: `station:${n}`,
    unit: n % 2 ? '一区' : '二区',
    state: 'in',
    runs: false,
    ...more,
  }) as MeetingMemberRow
const five = [1, 2, 3, 4, 5].map((n) => row(n))

it('divides who is present and does not run it', () => {
  expect(dividable([...five, row(6, { state: 'invited' }), row(7, { runs: true })])).toEqual(five)
})

it('makes groups of equal size, in which everybody is once', () => {
  const groups = inEqualParts(five, ['甲', '乙'])
  expect(groups.map(({ refs }) => refs.length)).toEqual([3, 2])
  expect(groups.flatMap(({ refs }) => refs)).toEqual(five.map(({ id }) => id))
  expect(inEqualParts([], ['甲'])[0]?.refs).toEqual([])
})

it('makes a group of each district', () => {
  expect(byUnit(five).map(({ name, refs }) => [name, refs.length])).toEqual([
    ['一区', 3],
    ['二区', 2],
  ])
})

it('moves one, also out of all groups', () => {
  const groups = inEqualParts(five, ['甲', '乙'])
  expect(moved(groups, 'station:1', 2).map(({ refs }) => refs.length)).toEqual([2, 3])
  expect(moved(groups, 'station:1', 0).map(({ refs }) => refs.length)).toEqual([2, 2])
})
