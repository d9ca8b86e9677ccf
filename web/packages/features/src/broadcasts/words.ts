import type {
  BroadcastState,
  Channel,
  Outcome,
  Priority,
  RecipientKind,
  State,
} from '@hub/contract'
import type { Tone } from '@hub/ui'

export const CHANNELS: readonly Channel[] = ['screen', 'page', 'wechat', 'sms', 'voice']
export const PRIORITIES: readonly Priority[] = ['ordinary', 'important', 'emergency']
export const KINDS: readonly RecipientKind[] = ['station', 'deputy', 'staff', 'attendee', 'handler']

/** From the furthest to the nothing: the order of every bar and legend. */
export const OUTCOMES: readonly Outcome[] = [
  'confirmed',
  'read',
  'delivered',
  'sending',
  'waiting',
  'unreachable',
  'cancelled',
]

/** The one table of colours for how far something has come: every bar, line, figure and legend takes from it. */
export const CAME_COLOR = {
  confirmed: 'var(--came-confirmed)',
  read: 'var(--came-read)',
  displayed: 'var(--came-displayed)',
  delivered: 'var(--came-delivered)',
  sending: 'var(--came-sending)',
  waiting: 'var(--came-waiting)',
  unreachable: 'var(--came-unreachable)',
  cancelled: 'var(--came-cancelled)',
} as const

export const OUTCOME_TONE: Record<Outcome, Tone> = {
  confirmed: 'good',
  read: 'good',
  delivered: 'busy',
  sending: 'busy',
  waiting: 'wait',
  unreachable: 'bad',
  cancelled: 'idle',
}

export const STATE_TONE: Record<BroadcastState, Tone> = {
  awaiting_approval: 'wait',
  scheduled: 'wait',
  sending: 'busy',
  rejected: 'bad',
  cancelled: 'idle',
  closed: 'good',
}

/** What one try of a road comes to, as a row of the board shows it: no two in one colour. */
export const TRY_GROUPS = [
  { key: 'confirmed', states: ['confirmed'], color: CAME_COLOR.confirmed },
  { key: 'read', states: ['read'], color: CAME_COLOR.read },
  { key: 'displayed', states: ['displayed'], color: CAME_COLOR.displayed },
  { key: 'delivered', states: ['delivered'], color: CAME_COLOR.delivered },
  {
    key: 'under_way',
    states: ['accepted', 'sent', 'unknown', 'unconfirmed', 'submitting', 'delivered_machine'],
    color: CAME_COLOR.sending,
  },
  { key: 'queued', states: ['planned', 'queued'], color: CAME_COLOR.waiting },
  {
    key: 'failed',
    states: ['failed', 'undelivered', 'expired', 'rejected'],
    color: CAME_COLOR.unreachable,
  },
  { key: 'not_tried', states: ['suppressed'], color: CAME_COLOR.cancelled },
] as const satisfies readonly { key: string; states: readonly State[]; color: string }[]

export const TRY_TONE: Record<State, Tone> = {
  planned: 'wait',
  suppressed: 'idle',
  queued: 'wait',
  submitting: 'busy',
  accepted: 'busy',
  unknown: 'wait',
  sent: 'busy',
  unconfirmed: 'wait',
  failed: 'bad',
  undelivered: 'bad',
  expired: 'bad',
  rejected: 'bad',
  delivered_machine: 'wait',
  delivered: 'good',
  displayed: 'good',
  read: 'good',
  confirmed: 'good',
}

/** Nothing more will happen to it. */
export const isOver = (state: BroadcastState): boolean =>
  state === 'closed' || state === 'cancelled' || state === 'rejected'
