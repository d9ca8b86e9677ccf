import type { FigureRow, HubStreamsProposalsMessagesSessionRow as SessionRow } from '@hub/contract'
import { expect, it } from 'vitest'
import { answersOf, factsOf } from './facts'
import { shareOf, topicLines } from './figures'
import { comingOf, windowsOf } from './sessions'

const session = (name: string, first: string, last: string): SessionRow => ({
  id: name,
  name,
  term: '第十五届',
  first,
  last,
  motions_until: `${first}T09:00:00Z`,
})

it('says how long a session sits and how long none did before it', () => {
  const rows = [
    session('七次', '2026-02-01', '2026-02-05'),
    session('六次', '2025-01-30', '2025-02-02'),
  ]
  const [latest, oldest] = windowsOf(rows, '2026-02-03')

  expect([latest?.row.name, latest?.state, latest?.days, latest?.gap]).toEqual([
    '七次',
    'sitting',
    5,
    363,
  ])
  expect([oldest?.state, oldest?.gap]).toEqual(['over', null])
  expect(comingOf(rows, '2026-02-03')?.name).toBe('七次')
  expect(comingOf(rows, '2026-02-06')).toBeUndefined()
})

it('shows a share as exactly as it is read, and none of nothing', () => {
  expect([shareOf(1, 3), shareOf(3, 3), shareOf(0, 7), shareOf(0, 0)]).toEqual([
    '33.33%',
    '100%',
    '0%',
    '—',
  ])
})

it('sets topics in lines with a cell for each year, the busiest first', () => {
  const row = (key: string, name: string, cases: number): FigureRow =>
    ({ key, name, cases }) as FigureRow
  const { years, lines } = topicLines([
    row('health/2026', '医疗卫生 2026年', 2),
    row('urban/2025', '城建环保 2025年', 4),
    row('urban/2026', '城建环保 2026年', 1),
  ])

  expect(years).toEqual(['2025', '2026'])
  expect(lines.map(({ name, cells }) => [name, ...cells.map(({ n }) => n)])).toEqual([
    ['城建环保', 4, 1],
    ['医疗卫生', 0, 2],
  ])
})

it('reads each letter with what the deputy said of it, the newest first', () => {
  const letter = { unit: 'department:22', number: '一号', text: '已落实', klass: 'A', public: true }
  const facts = factsOf({
    letters: [
      { ...letter, round: 1 },
      { ...letter, round: 2 },
    ],
    parts: { 'department:22': { role: 'lead', replies: [{ round: 1, rating: 'unsatisfied' }] } },
  })

  expect(answersOf(facts).map(({ letter: { round }, reply }) => [round, reply?.rating])).toEqual([
    [2, undefined],
    [1, 'unsatisfied'],
  ])
})
