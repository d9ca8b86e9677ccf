import { expect, it } from 'vitest'
import { agendaItems } from './rows'

const before = [
  { key: '1', title: '报告' },
  { key: '2', title: '审议' },
]

it('keeps the key of an item that is moved, and gives a new one a key that nobody had', () => {
  expect(agendaItems('审议\n 表决 \n\n报告', before)).toEqual([
    { key: '2', title: '审议' },
    { key: '3', title: '表决' },
    { key: '1', title: '报告' },
  ])
})

it('keeps the key of an item that is renamed in its place', () => {
  expect(agendaItems('报告\n审议（续）', before).map((item) => item.key)).toEqual(['1', '2'])
})

it('gives two items of the same name two keys', () => {
  const keys = agendaItems('报告\n报告', before).map((item) => item.key)
  expect(new Set(keys).size).toBe(2)
})
