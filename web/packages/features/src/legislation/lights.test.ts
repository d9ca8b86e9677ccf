import type { NodeRow } from '@hub/contract'
import { expect, test } from 'vitest'
import { cityDay, lightOf, worst } from './lights'

const node = (planned: string | null, done: string | null = null): NodeRow => ({
  node: 'first',
  zh: '一审',
  en: 'First reading',
  planned,
  done,
})

test.each([
  [node(null), 'open'],
  [node('2026-05-01', '2026-06-01'), 'done'],
  [node('2026-05-19'), 'overdue'],
  [node('2026-05-20'), 'soon'],
  [node('2026-06-04'), 'soon'],
  [node('2026-06-05'), 'green'],
] as const)('a node shows how its planned day stands', (one, light) => {
  expect(lightOf(one, '2026-05-20')).toBe(light)
})

test('a project shows the worst of its nodes', () => {
  expect(worst([node('2026-06-30'), node('2026-05-01'), node(null)], '2026-05-20')).toBe('overdue')
  expect(worst([], '2026-05-20')).toBe('done')
})

test('today is the city’s day', () => {
  expect(cityDay(Date.parse('2026-05-19T16:30:00Z'))).toBe('2026-05-20')
})
