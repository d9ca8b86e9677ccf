import type { PeerRow } from '@hub/client'
import type { MeetingMemberRow } from '@hub/contract'

/** How well somebody is connected; `lost`: he belongs in and is not there. */
export type Line = 'away' | 'connecting' | 'lost' | 'voice' | 'video'

/** `peers`: his connections; he may have come with two devices. */
export const lineOf = (
  member: MeetingMemberRow,
  peers: readonly PeerRow[],
  since: number,
): Line => {
  if (member.state !== 'in') return 'away'
  if (!peers.some((peer) => peer.up)) return since < COMING ? 'connecting' : 'lost'
  const shown = peers.some((peer) => peer.up && peer.show && sends(peer, 'camera'))
  return shown && !member.dark && !member.aside ? 'video' : 'voice'
}

/** Milliseconds after entering during which a missing connection is nothing to worry about. */
export const COMING = 8000

export const sends = (peer: PeerRow, part: string): boolean =>
  peer.sources.some((source) => source.part === part)

const NEED: Record<MeetingMemberRow['state'], number> = {
  in: 0,
  invited: 1,
  declined: 2,
  left: 3,
  removed: 4,
}

/** Who runs it first, then who has the word or a hand up, then by name as the hub lists them. */
export const byPresence = (a: MeetingMemberRow, b: MeetingMemberRow): number =>
  NEED[a.state] - NEED[b.state] ||
  Number(b.runs) - Number(a.runs) ||
  a.id.localeCompare(b.id, 'en', { numeric: true })

export const byHand = (a: MeetingMemberRow, b: MeetingMemberRow): number =>
  (a.hand ?? '').localeCompare(b.hand ?? '')
