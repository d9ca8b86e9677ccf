import type { PeerRow } from '@hub/client'
import type {
  MeetingLayout,
  MeetingMemberRow,
  MeetingRoomRow,
  MeetingRow,
  MyMeetingRow,
} from '@hub/contract'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { useRows } from '../page/rows'
import { arrange, type Arrangement } from './arrange'
import type { Attendance } from './attendance'
import { byHand, byPresence, lineOf, type Line } from './standing'

export type Layout = Required<MeetingLayout>
const LAYOUT: Layout = { mode: 'speaker', pinned: [], pushed: false }

export const layoutOf = (row: MeetingRow | undefined): Layout => ({ ...LAYOUT, ...row?.layout })

export const useMyMeetings = () => useRows<MyMeetingRow>('my_meetings', {})

const since = (at: string | null, now: number): number => (at ? now - Date.parse(at) : 0)

/** One meeting as it is now; `id` "": none. */
export const useMeeting = (id: MaybeRefOrGetter<string>, attendance: Attendance) => {
  const params = (): object | null => (toValue(id) ? { meeting: toValue(id) } : null)
  const rows = useRows<MeetingRow>('meeting', params)
  const members = useRows<MeetingMemberRow>('meeting_members', params)
  const rooms = useRows<MeetingRoomRow>('meeting_rooms', params)
  const row = computed(() => rows.byKey.value.get(toValue(id)))
  const own = computed(() => members.byKey.value.get(attendance.own.value))
  /** While the main room speaks to all, everybody is in it. */
  const placeOf = (member: MeetingMemberRow): number => (row.value?.addressed ? 0 : member.place)
  const place = computed(() => (own.value ? placeOf(own.value) : 0))
  const sorted = computed(() => [...members.rows.value].sort(byPresence))
  const here = computed(() =>
    sorted.value.filter((one) => one.state === 'in' && placeOf(one) === place.value),
  )
  return {
    row,
    members,
    rooms: computed(() => [...rooms.rows.value].sort((a, b) => a.id - b.id)),
    sorted,
    own,
    place,
    here,
    hands: computed(() => sorted.value.filter((one) => one.hand).sort(byHand)),
    presenter: computed(() => here.value.find((one) => one.sharing)?.id ?? ''),
    ready: computed(() => rows.ready.value && members.ready.value),
    problem: rows.problem,
    nameOf: (ref: string): string => members.byKey.value.get(ref)?.name ?? '',
  }
}

export type MeetingNow = ReturnType<typeof useMeeting>

/** How each member is connected, by ref. */
export const useLines = (meeting: MeetingNow, attendance: Attendance, now: () => number) =>
  computed(() => {
    const byRef = new Map<string, PeerRow[]>()
    for (const peer of attendance.peers.value.values())
      byRef.set(peer.ref, [...(byRef.get(peer.ref) ?? []), peer])
    return new Map<string, Line>(
      meeting.sorted.value.map((one) => [
        one.id,
        lineOf(one, byRef.get(one.id) ?? [], since(one.entered_at, now())),
      ]),
    )
  })

/** What stands on the wall with this layout. */
export const useArrangement = (
  meeting: MeetingNow,
  attendance: Attendance,
  layout: () => Layout,
  page: () => number = () => 0,
) =>
  computed<Arrangement>(() => {
    const here = [...meeting.here.value].sort((a, b) => Number(a.aside) - Number(b.aside))
    const speaks = here.some((one) => one.id === attendance.speaker.value && !one.aside)
    return arrange({
      ...layout(),
      here: here.map((one) => one.id),
      speaker: speaks ? attendance.speaker.value : '',
      presenter: meeting.presenter.value,
      own: attendance.own.value,
      page: page(),
    })
  })
