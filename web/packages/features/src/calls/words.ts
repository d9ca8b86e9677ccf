import type { AutoAnswer, CallKind, CallMemberState, CallState, LineState } from '@hub/contract'
import type { Tone } from '@hub/ui'

export const CALL_VIEW = {
  calls: 'calls',
  call: 'call',
  mine: 'my_calls',
  lines: 'lines',
  plans: 'call_plans',
  night: 'night_service',
  history: 'call_history',
} as const

export const MAIN_STATION = 'station:0'
export const EMERGENCY = 9
export const ORDINARY = 3

/** In the order in which an operator reaches for them. */
export const SEVERAL_KINDS: readonly CallKind[] = [
  'group',
  'conference',
  'announce',
  'ptt',
  'rollcall',
  'poll',
]
export const CALL_KINDS: readonly CallKind[] = ['single', ...SEVERAL_KINDS]
export const LINE_STATES: readonly LineState[] = [
  'idle',
  'ringing',
  'talking',
  'held',
  'offline',
  'fault',
]
export const AUTO_ANSWERS: readonly AutoAnswer[] = ['never', 'announce', 'always']

/** Who still takes part, or may. */
export const TAKES_PART = new Set<CallMemberState>(['waiting', 'ringing', 'joined', 'held'])
export const ON_LINE = new Set<CallMemberState>(['joined', 'held'])

export const CALL_TONE: Record<CallState, Tone> = {
  ringing: 'wait',
  open: 'busy',
  held: 'wait',
  ended: 'idle',
}

export const MEMBER_TONE: Record<CallMemberState, Tone> = {
  waiting: 'idle',
  ringing: 'wait',
  joined: 'good',
  held: 'wait',
  left: 'idle',
  declined: 'bad',
  unanswered: 'bad',
  failed: 'bad',
  picked: 'busy',
  present: 'good',
  absent: 'bad',
}
