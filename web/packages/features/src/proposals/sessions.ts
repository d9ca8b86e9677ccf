import type { HubStreamsProposalsMessagesSessionRow as SessionRow } from '@hub/contract'

const DAY = 86_400_000
export const daysBetween = (first: string, last: string): number =>
  Math.round((Date.parse(last) - Date.parse(first)) / DAY)

export type SessionState = 'sitting' | 'coming' | 'over'

export const sessionState = ({ first, last }: SessionRow, today: string): SessionState =>
  today < first ? 'coming' : today > last ? 'over' : 'sitting'

export interface Window {
  row: SessionRow
  state: SessionState
  /** Days that it sits. */
  days: number
  /** Days between the session before and this one; null for the first that is known. */
  gap: number | null
}

/** Sessions with the time between them, the newest first. */
export const windowsOf = (rows: readonly SessionRow[], today: string): Window[] => {
  const inOrder = [...rows].sort((a, b) => a.first.localeCompare(b.first))
  const windows = inOrder.map((row, at): Window => {
    const before = inOrder[at - 1]
    return {
      row,
      state: sessionState(row, today),
      days: daysBetween(row.first, row.last) + 1,
      gap: before ? Math.max(0, daysBetween(before.last, row.first) - 1) : null,
    }
  })
  return windows.reverse()
}

/** The session that sits today, or else the next one. */
export const comingOf = (rows: readonly SessionRow[], today: string): SessionRow | undefined =>
  rows.filter(({ last }) => last >= today).sort((a, b) => a.first.localeCompare(b.first))[0]
