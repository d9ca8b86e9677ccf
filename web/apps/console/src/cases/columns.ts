import { listedOf, type CaseRow, type LifeRow, type Listed, type Pair } from '@hub/features/cases'
import type { Column } from '../lists/column'

export interface CaseColumn extends Column<CaseRow> {
  /** How a fact is drawn. */
  field?: NonNullable<Listed['field']>
}

const COLUMNS: Record<string, CaseColumn> = {
  number: { name: 'number', label: 'cases.list.number', width: 150 },
  title: { name: 'title', label: 'cases.list.name', least: 160, opens: true },
  stream: { name: 'stream', label: 'cases.list.stream', width: 110 },
  kind: { name: 'kind', label: 'cases.list.kind', width: 100 },
  topic: { name: 'topic', label: 'cases.list.topic', width: 100 },
  state: { name: 'state', label: 'cases.list.state', width: 150 },
  lead: { name: 'lead', label: 'cases.list.lead', width: 88 },
  unit: { name: 'unit', label: 'cases.list.unit', width: 110, clips: true },
  waits: { name: 'waits', label: 'cases.list.waiting_for', width: 110, clips: true },
  due: { name: 'due', label: 'cases.list.due', width: 140 },
  opened: { name: 'opened', label: 'cases.list.opened', width: 100 },
}
const WIDTHS: Record<string, number> = { moment: 140, day: 106, number: 76, choice: 100 }
/** What is written takes its part of the room. */
const WORDS = 110

const pick = (...names: string[]): CaseColumn[] => names.flatMap((name) => COLUMNS[name] ?? [])

const columnOf = ({ name, label, field }: Listed, said: (pair: Pair) => string): CaseColumn => {
  const heading = said(label)
  if (!field) return { ...(COLUMNS[name] ?? { name }), heading }
  const width = WIDTHS[field.kind]
  return { name, heading, field, clips: true, ...(width ? { width } : { least: WORDS }) }
}

/** The columns of a stream's list, as its life says. */
export const columnsOf = (life: LifeRow | undefined, said: (pair: Pair) => string): CaseColumn[] =>
  life ? listedOf(life).map((one) => columnOf(one, said)) : pick('title')

const WAITING = pick('number', 'title', 'stream', 'state', 'waits', 'lead', 'unit', 'due')
const PARTIES: Record<string, (row: CaseRow) => unknown> = {
  lead: ({ lead }) => lead,
  unit: ({ unit }) => unit,
}

/** Of streams side by side: whose rows have no unit show no column of units. */
export const waitingColumns = (rows: readonly CaseRow[]): CaseColumn[] =>
  WAITING.filter(({ name }) => rows.some(PARTIES[name] ?? (() => true)))
