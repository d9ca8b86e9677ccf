import type { EvidenceRow } from '@hub/contract'
import { CHANNELS } from './words'

type Say = (key: string, values?: Record<string, unknown>) => string

/** A vendor's id is long and is read out on the phone by its end. */
const shortId = (id: string): string => (id.length > 14 ? `${id.slice(0, 4)}…${id.slice(-6)}` : id)

const nth = (row: EvidenceRow, say: Say): string =>
  row.try_number > 1 ? say('broadcasts.evidence.try', { n: row.try_number }) : ''

const join = (parts: string[]): string => parts.filter(Boolean).join(' · ')

/** One line of what is known, in words. */
export const lineOf = (row: EvidenceRow, say: Say): string =>
  join([
    say(`broadcasts.try.${row.state}`),
    nth(row, say),
    row.why ? say(`broadcasts.why.${row.why}`) : '',
    row.late ? say('broadcasts.evidence.late') : '',
  ])

/** What stands behind it, for who has to prove it. */
export const proofOf = (row: EvidenceRow, say: Say): string =>
  join([
    say(`broadcasts.source.${row.source}`),
    row.address,
    row.provider_id ? shortId(row.provider_id) : '',
    row.detail,
  ])

export const isNotTried = (row: EvidenceRow): boolean => row.state === 'suppressed'

/** Lines in their order, and the roads not taken apart. */
export const partsOf = (rows: readonly EvidenceRow[]) => {
  const inTime = [...rows].sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id))
  const road = (row: EvidenceRow): number => (row.channel ? CHANNELS.indexOf(row.channel) : -1)
  return {
    lines: inTime.filter((row) => !isNotTried(row)),
    notTried: inTime.filter(isNotTried).sort((a, b) => road(a) - road(b)),
  }
}
