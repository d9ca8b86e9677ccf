import type { TakingRow } from '@hub/contract'
import { useI18n } from 'vue-i18n'

export interface Question {
  text: string
  kind: 'text' | 'one' | 'many'
  choices: string[]
}

export interface Totals {
  registered: number
  waiting: number
  signed: number
  leave: number
  answered: number
}

export const totals = (rows: readonly TakingRow[]): Totals => ({
  registered: rows.filter((row) => row.registered && !row.waiting).length,
  waiting: rows.filter((row) => row.waiting).length,
  signed: rows.filter((row) => row.signed_in).length,
  leave: rows.filter((row) => row.leave).length,
  answered: rows.filter((row) => row.answered).length,
})

export type StandingKey = 'registered' | 'signed' | 'doubtful' | 'absent' | 'waiting' | 'leave'
export interface Standing {
  key: StandingKey
  n: number
  has: (row: TakingRow) => boolean
}

const HAS: Record<StandingKey, (row: TakingRow) => boolean> = {
  registered: (row) => row.registered && !row.waiting,
  signed: (row) => !!row.signed_in,
  doubtful: (row) => toJudge(row),
  absent: (row) => row.registered && !row.waiting && !row.signed_in,
  waiting: (row) => row.waiting,
  leave: (row) => !!row.leave,
}
const toJudge = (row: TakingRow): boolean =>
  !!row.signed_in && row.doubts.length > 0 && row.judged === null

/** How many stand how; a row may stand in several. */
export const standings = (rows: readonly TakingRow[]): Standing[] =>
  (Object.keys(HAS) as StandingKey[]).map((key) => ({
    key,
    n: rows.filter(HAS[key]).length,
    has: HAS[key],
  }))

/** What waits for a clerk's word first, then by place; who has left last. */
export const sorted = (rows: readonly TakingRow[]): TakingRow[] =>
  [...rows].sort(
    (a, b) =>
      Number(toJudge(b)) - Number(toJudge(a)) ||
      Number(b.registered) - Number(a.registered) ||
      a.place - b.place,
  )

const HOUR = 3_600_000
const moment = (facts: Record<string, unknown>, name: string): number =>
  Date.parse(String(facts[name] ?? ''))

/** Signing in begins an hour before the start and ends an hour after the end, as the hub has it. */
export const signing = (
  facts: Record<string, unknown>,
  now: number,
): { from: number; now: boolean } => {
  const from = moment(facts, 'starts') - HOUR
  return { from, now: from <= now && now <= moment(facts, 'ends') + HOUR }
}

export const isOver = (facts: Record<string, unknown>, now: number): boolean =>
  moment(facts, 'ends') < now

/** What speaks against a sign-in, in words. */
export const useDoubts = (): ((row: TakingRow) => string) => {
  const { t } = useI18n()
  return (row) => row.doubts.map((doubt) => t(`duties.doubt.${doubt}`)).join('、')
}

/** Who rates the duties of a year. */
export const RATERS = ['self', 'group', 'town', 'committee'] as const
export type Rater = (typeof RATERS)[number]
