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
}

export const totals = (rows: readonly TakingRow[]): Totals => ({
  registered: rows.filter((row) => row.registered && !row.waiting).length,
  waiting: rows.filter((row) => row.waiting).length,
  signed: rows.filter((row) => row.signed_in).length,
  leave: rows.filter((row) => row.leave).length,
})

/** What speaks against a sign-in, in words. */
export const useDoubts = (): ((row: TakingRow) => string) => {
  const { t } = useI18n()
  return (row) => row.doubts.map((doubt) => t(`duties.doubt.${doubt}`)).join('、')
}
