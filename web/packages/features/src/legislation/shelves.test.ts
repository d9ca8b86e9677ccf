import { expect, test } from 'vitest'
import { templateOf, validity } from './shelves'

test.each([
  ['2026-03-01', null, 'force'],
  ['2026-03-02', null, 'ahead'],
  ['2010-01-01', '2026-03-01', 'over'],
  ['2010-01-01', '2026-03-02', 'force'],
  [null, null, 'none'],
] as const)('a law of %s to %s stands on its day', (valid_from, valid_until, state) => {
  expect(validity({ valid_from, valid_until }, '2026-03-01')).toBe(state)
})

test('a template comes back out of its file, and nothing else does', () => {
  const row = {
    id: 'enact-1',
    name: '制定',
    kind: 'enact',
    nodes: [{ node: 'draft', after: { n: 30, unit: 'days' } }],
  }
  expect(templateOf(JSON.stringify(row))).toEqual(row)
  for (const broken of ['', 'null', '{}', '[]', '{"name":"x","kind":"y","nodes":[]}', '{"name":1'])
    expect(templateOf(broken)).toBeNull()
})
