import type { CallMemberRow, CallRow } from '@hub/contract'
import { ON_LINE, TAKES_PART } from './words'

export type CallAct =
  | 'barge'
  | 'monitor'
  | 'takeDown'
  | 'takeOver'
  | 'enter'
  | 'lock'
  | 'unlock'
  | 'add'
  | 'conference'
  | 'play'
  | 'stopPlay'
  | 'end'

export type MemberAct =
  | 'mute'
  | 'unmute'
  | 'listenOnly'
  | 'letSpeak'
  | 'consult'
  | 'consultEnd'
  | 'transfer'
  | 'next'
  | 'present'
  | 'absent'
  | 'ringAgain'
  | 'remove'

/** How this page stands to a call. */
export interface Standing {
  /** One owns it: one's own seat does. */
  owner: boolean
  /** One takes part. */
  inside: boolean
  /** One takes part, but only listens in (监听). */
  listens?: boolean
  /** One was called, is out, and may come in again. */
  late?: boolean
}

type Rule = (call: CallRow, standing: Standing) => boolean

const IN_TURN = new Set(['poll', 'rollcall'])
const NO_CONFERENCE = new Set(['announce', 'conference'])

const CALL_RULES: Record<CallAct, Rule> = {
  enter: ({ options }, { owner, inside, late }) =>
    !inside && ((owner && options.late_entry !== false) || late === true),
  barge: (_call, { inside, listens }) => !inside || listens === true,
  monitor: (_call, { inside }) => !inside,
  takeOver: (_call, { owner }) => !owner,
  add: ({ kind, locked }, { owner }) => owner && !locked && !IN_TURN.has(kind),
  lock: ({ locked }, { owner }) => owner && !locked,
  unlock: ({ locked }, { owner }) => owner && locked,
  conference: ({ kind }, { owner }) => owner && !NO_CONFERENCE.has(kind),
  play: ({ playing }, { owner }) => owner && !playing,
  stopPlay: ({ playing }, { owner }) => owner && Boolean(playing),
  takeDown: (_call, { owner }) => !owner,
  end: (_call, { owner }) => owner,
}

/** What may be done with a call from here; the hub has the last word. */
export const callActs = (call: CallRow, standing: Standing): CallAct[] =>
  call.state === 'ended'
    ? []
    : (Object.keys(CALL_RULES) as CallAct[]).filter((act) => CALL_RULES[act](call, standing))

type MemberRule = (member: CallMemberRow, call: CallRow) => boolean

const talks: MemberRule = ({ state }) => state === 'joined'
const several: MemberRule = (_member, { kind }) => kind !== 'single'

const marks: MemberRule = ({ state }, { kind }) => kind === 'rollcall' && state !== 'waiting'

const MEMBER_RULES: Record<MemberAct, MemberRule> = {
  next: ({ state }, { kind }) => kind === 'rollcall' && state === 'joined',
  present: (member, call) => marks(member, call) && member.mark !== true,
  absent: (member, call) => marks(member, call) && member.mark !== false,
  mute: (member, call) => talks(member, call) && several(member, call) && !member.muted,
  unmute: (member, call) => talks(member, call) && member.muted,
  listenOnly: (member, call) => talks(member, call) && several(member, call) && !member.listen_only,
  letSpeak: (member, call) => talks(member, call) && member.listen_only,
  consult: (member, call) => talks(member, call) && several(member, call) && !member.apart,
  consultEnd: ({ apart }) => apart,
  transfer: ({ state }) => ON_LINE.has(state),
  ringAgain: ({ state }, { kind, locked }) =>
    !TAKES_PART.has(state) &&
    state !== 'picked' &&
    !locked &&
    kind !== 'rollcall' &&
    kind !== 'poll',
  remove: ({ state }) => TAKES_PART.has(state),
}

/** What the owner may do with a member. */
export const memberActs = (member: CallMemberRow, call: CallRow): MemberAct[] =>
  call.state === 'ended' || member.role === 'caller'
    ? []
    : (Object.keys(MEMBER_RULES) as MemberAct[]).filter((act) => MEMBER_RULES[act](member, call))
