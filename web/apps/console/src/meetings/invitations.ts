import type { InvitationRow, MeetingMemberRow } from '@hub/contract'
import { useRows, useSession } from '@hub/features'
import type { MeetingNow } from '@hub/features/meetings'

const FAILED = new Set(['failed', 'undelivered', 'rejected', 'expired', 'suppressed'])
const ARRIVED = new Set(['delivered', 'displayed', 'read', 'confirmed'])
const OUT = new Set(['accepted', 'sent', 'unconfirmed'])

const wordOf = ({ state }: InvitationRow): string => {
  if (FAILED.has(state)) return 'failed'
  if (ARRIVED.has(state)) return 'arrived'
  return OUT.has(state) ? 'sent' : 'sending'
}

/** How it stands with the links that people of a round were sent; nothing once somebody is in. */
export const useInvitations = (meeting: string, now: MeetingNow) => {
  const session = useSession()
  const rows = useRows<InvitationRow>('invitations', () =>
    session.can('meet') ? { page: `meetings/${meeting}` } : null,
  )
  return (member: MeetingMemberRow): string | undefined => {
    if (member.state !== 'invited' || !member.id.startsWith('person:')) return undefined
    const row = rows.byKey.value.get(member.id)
    if (row) return wordOf(row)
    return now.row.value?.options.links && rows.ready.value ? 'none' : undefined
  }
}
