import type { FigureRow, PartsParams } from '@hub/contract'

export type Figure = Exclude<NonNullable<PartsParams['counted']>, ''>
export type By = NonNullable<PartsParams['by']>

/** Figures that belong together, as columns of a table. */
export const GROUPS: Record<'course' | 'replies' | 'ratings', readonly Figure[]> = {
  course: [
    'cases',
    'motions',
    'inquiries',
    'accepted',
    'refused',
    'withdrawn',
    'merged',
    'key_items',
    'closed',
  ],
  replies: ['parts', 'replied', 'on_time', 'overdue', 'class_a', 'class_b', 'class_c', 'class_d'],
  ratings: [
    'rated',
    'satisfied',
    'basically',
    'unsatisfied',
    'promises',
    'fulfilled',
    'partly',
    'unfulfilled',
  ],
}

export const DIMENSIONS = [
  'unit',
  'topic',
  'subtopic',
  'delegation',
  'deputy',
  'class',
  'kind',
  'year',
  'term',
  'topic_year',
] as const satisfies readonly By[]

/** Which figures a rate is made of, by its code: `satisfied` of `rated`. */
export const RATES: Record<string, readonly [n: Figure, of: Figure]> = {
  reply: ['replied', 'parts'],
  on_time: ['on_time', 'replied'],
  class_a: ['class_a', 'replied'],
  satisfied: ['satisfied', 'rated'],
  basically: ['basically', 'rated'],
  unsatisfied: ['unsatisfied', 'rated'],
  first_satisfied: ['first_satisfied', 'first_rated'],
  first_basically: ['first_basically', 'first_rated'],
  first_unsatisfied: ['first_unsatisfied', 'first_rated'],
  fulfilled: ['fulfilled', 'fulfilment_rated'],
}

/** Counted once a case, however many units answer it. */
const OF_CASES = new Set<string>(GROUPS.course)
export const countsCases = (figure: string): boolean => OF_CASES.has(figure)

/** 33.33 %; nothing to count: a dash. */
export const shareOf = (n: number, of: number): string =>
  of ? `${((n / of) * 100).toFixed(2).replace(/\.?0+$/, '')}%` : '—'

export interface TopicLine {
  key: string
  name: string
  cells: { year: string; key: string; n: number }[]
}

/** Rows `topic/year` as lines of topics with a cell for each year, the oldest first. */
export const topicLines = (rows: readonly FigureRow[]): { years: string[]; lines: TopicLine[] } => {
  const cells = rows.map((row) => {
    const [topic = '', year = ''] = row.key.split('/')
    return { topic, year, key: row.key, n: row.cases, name: row.name.replace(/ \d{4}年$/, '') }
  })
  const years = [...new Set(cells.map(({ year }) => year))].sort()
  const total = (topic: string): number =>
    cells.filter((one) => one.topic === topic).reduce((sum, { n }) => sum + n, 0)
  const topics = [...new Set(cells.map(({ topic }) => topic))].sort((a, b) => total(b) - total(a))
  const lineOf = (topic: string): TopicLine => ({
    key: topic,
    name: cells.find((one) => one.topic === topic)?.name ?? topic,
    cells: years.map((year) => ({
      year,
      key: `${topic}/${year}`,
      n: cells.find((one) => one.topic === topic && one.year === year)?.n ?? 0,
    })),
  })
  return { years, lines: topics.map(lineOf) }
}
