import type * as C from '@hub/contract'
import type { Schema } from './schema'

/** Chinese and English. */
export type Pair = readonly [zh: string, en: string]

export type { CalendarRow, CaseCount, CaseFile, CaseVersion, ClockRow } from '@hub/contract'
export type { LeftOutDay, OwedRow, Party, RelatedCase } from '@hub/contract'
export type { HubCasesRowsNoticeRow as NoticeRow } from '@hub/contract'

/** What the contract cannot say of: values as a stream's own forms and facts hold them. */
type Held<Row, More> = Omit<Row, keyof More> & More

export type CaseRow = Held<C.CaseRow, { shown: Record<string, unknown> }>
export type CaseDetail = Held<C.CaseDetail, { row: CaseRow; facts: Record<string, unknown> }>
export type StepRow = Held<C.StepRow, { form: Schema; fills: Record<string, unknown> }>
export type FilledField = Held<C.FilledField, { value: unknown }>
export type TrailRow = Held<C.TrailRow, { fields: FilledField[] }>
export type RuleSetRow = Held<C.RuleSetRow, { rules: Record<string, unknown>; form: Schema }>

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

export type LifeRow = Held<
  C.LifecycleRow,
  {
    states: LifeState[]
    steps: LifeStep[]
    relations: Record<string, Pair>
    words: Record<string, Record<string, Pair>>
    facts: Record<string, Schema>
    family: Pair
  }
>
