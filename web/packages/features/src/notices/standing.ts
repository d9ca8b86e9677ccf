import type { NoticeRow, Priority, ReplyOption } from '@hub/contract'
import type { Tone } from '@hub/ui'
import { dayOf } from '../page/format'

export type Standing = 'open' | 'answered' | 'expired' | 'cancelled'

/** My own answer, from the touch on: before the hub has it, and until its row says so. */
export interface Mine {
  reply: string
  reason: string
  state: 'sending' | 'kept' | 'taken'
}

export const PRIORITY_TONE: Record<Priority, Tone> = {
  ordinary: 'busy',
  important: 'wait',
  emergency: 'bad',
}

const URGENCY: Record<Priority, number> = { emergency: 0, important: 1, ordinary: 2 }
const ORDER: Record<Standing, number> = { open: 0, answered: 1, expired: 2, cancelled: 2 }

export const mineOf = (row: NoticeRow, own: Mine | undefined): Mine | null => {
  if (own) return own
  return row.outcome === 'confirmed'
    ? { reply: row.reply, reason: row.reason, state: 'taken' }
    : null
}

export const standingOf = (row: NoticeRow, mine: Mine | null, at: number): Standing => {
  if (row.cancelled || row.outcome === 'cancelled') return 'cancelled'
  if (mine) return 'answered'
  return isPast(row, at) ? 'expired' : 'open'
}

export const isPast = (row: NoticeRow, at: number): boolean => at >= Date.parse(row.expires_at)

/** Answers are taken, and may be changed, until the notice ends. */
export const takesAnswers = (row: NoticeRow, at: number): boolean =>
  standingOf(row, null, at) === 'open'

export interface Listed {
  row: NoticeRow
  mine: Mine | null
  standing: Standing
}

const later = (a: NoticeRow, b: NoticeRow): number => Date.parse(b.sent_at) - Date.parse(a.sent_at)

/** What needs an answer first, the most urgent of it on top; then the newest. */
export const byNeed = (a: Listed, b: Listed): number =>
  ORDER[a.standing] - ORDER[b.standing] ||
  (a.standing === 'open' ? URGENCY[a.row.priority] - URGENCY[b.row.priority] : 0) ||
  later(a.row, b.row)

/** As the loudspeaker takes them: emergencies first, else in the order of sending. */
export const byTurn = (a: Listed, b: Listed): number =>
  Number(a.row.priority !== 'emergency') - Number(b.row.priority !== 'emergency') ||
  -later(a.row, b.row)

export const isOfToday = (row: NoticeRow, at: number): boolean => dayOf(row.sent_at) === dayOf(at)

/** The options asked for; a notice that asks for nothing still takes a 收到. */
export const optionsOf = (row: NoticeRow, received: string): ReplyOption[] =>
  row.options.length ? row.options : [{ code: 'received', label: received }]

/** The answer that most will give: the big button. */
export const firstOption = (options: ReplyOption[]): ReplyOption | undefined =>
  options.find((option) => option.code === 'received') ??
  options.find((option) => !option.needs_reason) ??
  options[0]

export const labelOf = (row: NoticeRow, mine: Mine, received: string): string =>
  row.options.find((option) => option.code === mine.reply)?.label ??
  (mine.reply === '' || mine.reply === 'received' ? received : mine.reply)

export const isPicture = (mime: string): boolean =>
  /^image\/(png|jpe?g|gif|webp|avif|svg\+xml|bmp)$/.test(mime)

export const isPaper = (mime: string): boolean => mime === 'application/pdf'
