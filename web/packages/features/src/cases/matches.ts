import type { CaseRow } from './shapes'

/** What narrows a list, as it stands in the address. */
export interface CaseFilter {
  state: string
  kind: string
  topic: string
  year: string
  overdue: boolean
  /** What a row alone cannot tell: text, unit, deputy, mine, or a later page. */
  hidden: boolean
}

/** Whether a row that is told of belongs to the list as it is narrowed. */
export const matches = (row: CaseRow, stream: string, filter: CaseFilter): boolean => {
  const fits = (['state', 'kind', 'topic'] as const).every(
    (name) => !filter[name] || row[name] === filter[name],
  )
  return (
    fits &&
    row.stream === stream &&
    (!filter.year || String(row.year) === filter.year) &&
    (!filter.overdue || row.overdue)
  )
}
