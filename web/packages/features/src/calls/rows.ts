import type { CallKind, MyCallRow } from '@hub/contract'
import type { Ringing } from './ringer'
import { EMERGENCY, ON_LINE } from './words'

export const rings = (row: MyCallRow): boolean =>
  row.state === 'ringing' && row.call_state !== 'ended'

export const talks = (row: MyCallRow): boolean =>
  ON_LINE.has(row.state) && row.call_state !== 'ended'

const FRONT: Record<string, number> = { joined: 0, held: 1 }

/** The call that one is in now, then those on hold; of equals the newest. */
export const byFront = (rows: Iterable<MyCallRow>): MyCallRow[] =>
  [...rows]
    .filter(talks)
    .sort((a, b) => (FRONT[a.state] ?? 2) - (FRONT[b.state] ?? 2) || b.since.localeCompare(a.since))

/** What is urgent rings first. */
export const byUrgency = (rows: Iterable<MyCallRow>): MyCallRow[] =>
  [...rows].filter(rings).sort((a, b) => b.priority - a.priority || a.since.localeCompare(b.since))

/** What the loudspeaker says of it all. */
export const ringingOf = (rows: Iterable<MyCallRow>): Ringing => {
  const all = [...rows]
  const [first] = byUrgency(all).filter((row) => !row.auto_answer)
  if (first) return first.priority >= EMERGENCY ? 'emergency' : 'ring'
  const waits = byFront(all).some(
    ({ role, state, call_state: call }) =>
      role === 'caller' && state === 'joined' && call === 'ringing',
  )
  return waits ? 'back' : 'none'
}

/** One holds it oneself; a call that its owner holds is held by all but him. */
export const holds = (row: MyCallRow): boolean =>
  row.state === 'held' || (row.call_state === 'held' && row.mine)

/** Who only listens has nothing to hold, nor has who is kept waiting; and what still rings cannot be held. */
export const mayHold = (row: MyCallRow): boolean =>
  row.role !== 'listener' && !row.listen_only && !row.waits && row.call_state !== 'ringing'

/** No microphone is opened for who only hears, or asks for the floor first. */
export const listensFirst = (row: MyCallRow): boolean =>
  row.role === 'listener' || row.kind === 'ptt' || row.listen_only

/** Without who called, nothing is left of these. */
const ENDS = new Set<CallKind>(['single', 'announce'])

export const hangsUpBy = (row: MyCallRow): 'EndCall' | 'LeaveCall' =>
  row.mine && ENDS.has(row.kind) ? 'EndCall' : 'LeaveCall'

/** On the line, and not merely listening in: what else goes on has to wait. */
export const takesAttention = (row: MyCallRow): boolean =>
  row.state === 'joined' && row.call_state !== 'ended' && row.role !== 'listener'
