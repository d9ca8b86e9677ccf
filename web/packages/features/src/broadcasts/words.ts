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

export const OUTCOME_COLOR: Record<Outcome, string> = {
  confirmed: 'var(--came-confirmed)',
  read: 'var(--came-read)',
  delivered: 'var(--came-delivered)',
  sending: 'var(--came-sending)',
  waiting: 'var(--came-waiting)',
  unreachable: 'var(--came-unreachable)',
  cancelled: 'var(--came-cancelled)',
}

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

/** What one try of a road comes to, as a row of the board shows it. */
export const TRY_GROUPS = [
  { key: 'confirmed', states: ['confirmed'], color: 'var(--came-confirmed)' },
  { key: 'read', states: ['read', 'displayed'], color: 'var(--came-read)' },
  { key: 'delivered', states: ['delivered'], color: 'var(--came-delivered)' },
  {
    key: 'under_way',
    states: ['accepted', 'sent', 'unknown', 'unconfirmed', 'submitting', 'delivered_machine'],
    color: 'var(--came-sending)',
  },
  { key: 'queued', states: ['planned', 'queued'], color: 'var(--came-waiting)' },
  {
    key: 'failed',
    states: ['failed', 'undelivered', 'expired', 'rejected'],
    color: 'var(--came-unreachable)',
  },
  { key: 'not_tried', states: ['suppressed'], color: 'var(--came-cancelled)' },
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
