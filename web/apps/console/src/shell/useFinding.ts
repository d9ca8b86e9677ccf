import { HubProblem } from '@hub/client'
import type { BroadcastRow, PersonRow } from '@hub/contract'
import { minuteTime, useDirectory, useHub, useSession, VIEW } from '@hub/features'
import { around, useCases, useSaid, type SearchRow, type Stretch } from '@hub/features/cases'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { RouteLocationRaw } from 'vue-router'

export interface Found {
  key: string
  /** What it is, in a word. */
  what: string
  title: string
  note: string
  /** Where the words stand in it. */
  hits: Stretch[][]
  to: RouteLocationRaw
}

const FEW = 6
const PAUSE = 200
const LONGEST = 60

const quietly = <R>(rows: Promise<{ rows: R[] }>): Promise<R[]> =>
  rows.then(
    (found) => found.rows,
    (why: unknown) => {
      if (!(why instanceof HubProblem)) throw why
      return []
    },
  )

/** Everything that matches what is typed: people, stations, broadcasts, and texts with their hits in place. */
export const useFinding = (text: Ref<string>) => {
  const hub = useHub()
  const session = useSession()
  const directory = useDirectory()
  const cases = useCases()
  const { t } = useI18n()
  const said = useSaid()
  const afar = shallowRef<Found[]>([])
  const settled = ref(true)
  let timer: ReturnType<typeof setTimeout> | undefined

  const stations = computed<Found[]>(() =>
    directory.stations.rows
      .filter((row) => text.value.trim() && row.name.includes(text.value.trim()))
      .slice(0, FEW)
      .map((row) => ({
        key: row.id,
        what: t('page.search_stations'),
        title: row.name,
        note: row.district_name,
        hits: [],
        to: { name: 'stations', query: { station: row.id } },
      })),
  )
  const ofPerson = (row: PersonRow): Found => ({
    key: row.id,
    what: t('page.search_people'),
    title: row.name,
    note: [row.org_name, row.post].filter(Boolean).join(' · '),
    hits: [],
    to: { name: 'people', query: { text: row.name, person: row.id } },
  })
  const ofBroadcast = (row: BroadcastRow): Found => ({
    key: row.id,
    what: t('page.search_broadcasts'),
    title: row.title,
    note: minuteTime(row.send_at),
    hits: [],
    to: { name: 'board', params: { id: row.id } },
  })
  const ofText = (row: SearchRow): Found => ({
    key: row.id,
    what: said(cases.lifeOf(row.stream)) || t('search.documents'),
    title: row.title,
    note: minuteTime(row.at),
    hits: row.found
      .filter(({ paragraph }) => paragraph > 0)
      .slice(0, 2)
      .map(around),
    to:
      row.kind === 'case'
        ? { name: 'case', params: { id: row.id } }
        : { name: 'document', params: { id: row.id }, query: { q: text.value.trim() } },
  })
  /** The page with all of them, a page at a time. */
  const whole = (asked: string): Found => ({
    key: 'all',
    what: t('search.title'),
    title: t('search.all'),
    note: '',
    hits: [],
    to: { name: 'search', query: { q: asked } },
  })
  const rowsOf = <R>(allowed: boolean, view: string, asked: object): Promise<R[]> =>
    allowed ? quietly(hub.view<R>(view, asked)) : Promise.resolve([])
  const find = async (asked: string): Promise<void> => {
    const params = { text: asked, limit: FEW }
    const [people, broadcasts, texts] = await Promise.all([
      rowsOf<PersonRow>(session.can('directory.view'), VIEW.people, params),
      rowsOf<BroadcastRow>(session.can('broadcast.view'), VIEW.broadcasts, params),
      rowsOf<SearchRow>(true, 'search', { q: asked.slice(0, LONGEST), size: 2 * FEW }),
    ])
    if (asked !== text.value.trim()) return
    afar.value = [
      ...people.map(ofPerson),
      ...broadcasts.map(ofBroadcast),
      ...texts.map(ofText),
      ...(texts.length ? [whole(asked.slice(0, LONGEST))] : []),
    ]
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
