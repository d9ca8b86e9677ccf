import type { CaseRow } from '@hub/features/cases'
import type { Column } from '../lists/column'

const COLUMNS: Record<string, Column<CaseRow>> = {
  number: { name: 'number', label: 'cases.list.number', width: 160 },
  title: { name: 'title', label: 'cases.list.name', least: 260, opens: true },
  stream: { name: 'stream', label: 'cases.list.stream', width: 110 },
  state: { name: 'state', label: 'cases.list.state', width: 190 },
  topic: { name: 'topic', label: 'cases.list.topic', width: 150, clips: true },
  lead: { name: 'lead', label: 'cases.list.lead', width: 100 },
  unit: { name: 'unit', label: 'cases.list.unit', width: 150, clips: true },
  waits: { name: 'waits', label: 'cases.list.waiting_for', width: 140, clips: true },
  due: { name: 'due', label: 'cases.list.due', width: 170 },
  opened: { name: 'opened', label: 'cases.list.opened', width: 110 },
}
const pick = (...names: string[]): Column<CaseRow>[] => names.flatMap((name) => COLUMNS[name] ?? [])

export const LIST_COLUMNS = pick(
  'number',
  'title',
  'state',
  'lead',
  'unit',
  'waits',
  'due',
  'opened',
)
export const WAITING_COLUMNS = pick(
  'number',
  'title',
  'stream',
  'state',
  'waits',
  'lead',
  'unit',
  'due',
)
