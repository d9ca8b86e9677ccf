import type { MessageRow } from '@hub/contract'
import { dayOf } from '../page/format'
import type { Outgoing } from './post'

export type Line =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'fresh'; key: string }
  | { kind: 'message'; key: string; row: MessageRow; mine: boolean; joined: boolean }
  | { kind: 'outgoing'; key: string; outgoing: Outgoing }

/** Within this time messages of one author stand together. */
const TOGETHER = 5 * 60_000

const isJoined = (before: MessageRow | undefined, row: MessageRow): boolean =>
  before !== undefined &&
  before.author === row.author &&
  before.seat === row.seat &&
  before.shape !== 'recalled' &&
  dayOf(before.at) === dayOf(row.at) &&
  Date.parse(row.at) - Date.parse(before.at) < TOGETHER

interface Shown {
  rows: readonly MessageRow[]
  outgoing: readonly Outgoing[]
  seat: string
  /** The number after which everything was new when the conversation was opened; 0: nothing was. */
  freshAfter: number
}

/** What stands on the page, one below the other. */
export const linesOf = ({ rows, outgoing, seat, freshAfter }: Shown): Line[] => {
  const lines: Line[] = []
  rows.forEach((row, i) => {
    const before = rows[i - 1]
    if (!before || dayOf(before.at) !== dayOf(row.at))
      lines.push({ kind: 'day', key: `day-${row.number}`, at: row.at })
    const fresh = freshAfter > 0 && row.number === freshAfter + 1
    if (fresh) lines.push({ kind: 'fresh', key: 'fresh' })
    const joined = !fresh && isJoined(before, row)
    lines.push({ kind: 'message', key: row.id, row, mine: row.seat === seat, joined })
  })
  const came = new Set(rows.map((row) => row.id))
  for (const one of outgoing)
    // The same key, so that what was sent stays where it is when it comes back from the hub.
    if (!came.has(one.id)) lines.push({ kind: 'outgoing', key: one.id, outgoing: one })
  return lines
}

/** Who of the others has read message `number`; and who has not. */
export const readersOf = <P extends { id: string; read: number }>(
  members: readonly P[],
  row: Pick<MessageRow, 'number' | 'seat'>,
): { read: P[]; unread: P[] } => {
  const others = members.filter((member) => member.id !== row.seat)
  return {
    read: others.filter((member) => member.read >= row.number),
    unread: others.filter((member) => member.read < row.number),
  }
}
