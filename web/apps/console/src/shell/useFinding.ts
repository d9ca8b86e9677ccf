import type { BroadcastRow, PersonRow } from '@hub/contract'
import { minuteTime, useDirectory, useHub, useSession, VIEW } from '@hub/features'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

export interface Found {
  key: string
  what: 'stations' | 'people' | 'broadcasts'
  title: string
  note: string
  to: RouteLocationRaw
}

const FEW = 6
const PAUSE = 200

const ofPerson = (row: PersonRow): Found => ({
  key: row.id,
  what: 'people',
  title: row.name,
  note: [row.org_name, row.post].filter(Boolean).join(' · '),
  to: { name: 'people', query: { text: row.name, person: row.id } },
})
const ofBroadcast = (row: BroadcastRow): Found => ({
  key: row.id,
  what: 'broadcasts',
  title: row.title,
  note: minuteTime(row.send_at),
  to: { name: 'board', params: { id: row.id } },
})

/** People, stations and broadcasts that match what is typed. */
export const useFinding = (text: Ref<string>) => {
  const hub = useHub()
  const session = useSession()
  const directory = useDirectory()
  const afar = shallowRef<Found[]>([])
  const settled = ref(true)
  let timer: ReturnType<typeof setTimeout> | undefined

  const stations = computed<Found[]>(() =>
    directory.stations.rows
      .filter((row) => text.value.trim() && row.name.includes(text.value.trim()))
      .slice(0, FEW)
      .map((row) => ({
        key: row.id,
        what: 'stations',
        title: row.name,
        note: row.district_name,
        to: { name: 'stations', query: { station: row.id } },
      })),
  )
  const rowsOf = async <R>(allowed: boolean, view: string, asked: object): Promise<R[]> =>
    allowed ? (await hub.view<R>(view, asked)).rows : []
  const find = async (asked: string): Promise<void> => {
    const params = { text: asked, limit: FEW }
    const [people, broadcasts] = await Promise.all([
      rowsOf<PersonRow>(session.can('directory.view'), VIEW.people, params),
      rowsOf<BroadcastRow>(session.can('broadcast.view'), VIEW.broadcasts, params),
    ]).catch(() => [[], []] as [PersonRow[], BroadcastRow[]])
    if (asked !== text.value.trim()) return
    afar.value = [...people.map(ofPerson), ...broadcasts.map(ofBroadcast)]
    settled.value = true
  }
  watch(text, () => {
    clearTimeout(timer)
    settled.value = false
    afar.value = []
    if (text.value.trim()) timer = setTimeout(() => void find(text.value.trim()), PAUSE)
  })
  return { found: computed(() => [...stations.value, ...afar.value]), settled }
}
