import type { Instant, Uuid } from '@hub/contract'
import type { Schema } from './schema'

/** Chinese and English. */
export type Pair = readonly [zh: string, en: string]

export interface Party {
  ref: string
  name: string
}

export interface CaseRow {
  id: Uuid
  stream: string
  version: number
  number: string
  year: number
  title: string
  kind: string
  topic: string
  state: string
  state_zh: string
  state_en: string
  tone: string
  confidential: boolean
  opened: Instant
  since: Instant
  lead: Party | null
  unit: Party | null
  waits_for: Party[]
  due: string | null
  due_clock: string
  due_zh: string
  due_en: string
  overdue: boolean
}

export interface LeftOutDay {
  day: string
  why: string
}

export interface ClockRow {
  clock: string
  zh: string
  en: string
  started: string
  due: string
  unit: string
  left: number
  left_out: LeftOutDay[]
  overdue: boolean
  extended: boolean
  source: string
}

export interface OwedRow {
  clock: string
  zh: string
  en: string
  since: string
  mine: boolean
}

export interface CaseFile {
  id: Uuid
  name: string
  mime: string
  size: number
  url: string
  at: Instant
  version: number
}

export interface RelatedCase {
  id: Uuid
  stream: string
  number: string
  title: string
  state_zh: string
  state_en: string
  kind: string
  towards: boolean
}

export interface CaseDetail {
  id: Uuid
  row: CaseRow
  rules: string
  inside: boolean
  facts: Record<string, unknown>
  parties: Record<string, Party[]>
  clocks: ClockRow[]
  owed: OwedRow[]
  files: CaseFile[]
  relations: RelatedCase[]
}

export interface CaseVersion {
  id: Uuid
  version: number
  state: string
}

export interface StepRow {
  command: string
  zh: string
  en: string
  form: Schema
  fills: Record<string, unknown>
  why_not_zh: string
  why_not_en: string
  source: string
}

export interface FilledField {
  name: string
  zh: string
  en: string
  value: unknown
}

export interface TrailRow {
  id: Uuid
  version: number
  at: Instant
  by: Party
  event: string
  zh: string
  en: string
  state: string
  state_zh: string
  state_en: string
  fields: FilledField[]
  late: boolean
}

export interface CaseCount {
  key: string
  zh: string
  en: string
  n: number
  overdue: number
  closed: number
  of: number
  of_zh: string
  of_en: string
}

export interface NoticeRow {
  id: Uuid
  case: Uuid
  stream: string
  at: Instant
  zh: string
  en: string
  urgent: boolean
  late: boolean
  unread: boolean
}

export interface LifeState {
  name: string
  zh: string
  en: string
  tone: string
  terminal: boolean
}

export interface LifeStep {
  command: string
  event: string
  zh: string
  en: string
  from: string[]
  form: Schema
}

export interface LifeRow {
  name: string
  noun: string
  zh: string
  en: string
  states: LifeState[]
  steps: LifeStep[]
  relations: Record<string, Pair>
  words: Record<string, Record<string, Pair>>
  facts: Record<string, Schema>
  opens: string[]
  oversees: boolean
  diagram: string
  table: string
}

export interface RuleSetRow {
  id: string
  stream: string
  version: number
  valid_from: string | null
  rules: Record<string, unknown>
  note: string
  by_name: string
  at: Instant | null
  now: boolean
  form: Schema
}

export interface CalendarRow {
  day: string
  works: boolean
  name: string
  imported: boolean
}
