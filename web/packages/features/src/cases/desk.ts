import type { Hub, Row, Watch } from '@hub/client'
import type { Me, OrganisationRow } from '@hub/contract'
import { computed, inject, shallowRef, type App, type InjectionKey, type ShallowRef } from 'vue'
import type { NoticeRow, CaseRow, LifeRow } from './shapes'

export type Alarm = (notice: NoticeRow) => void

const newest = <R extends { at: string }>(rows: Iterable<R>): R[] =>
  [...rows].sort((a, b) => b.at.localeCompare(a.at))

/** Those with the nearest end first, overdue ones before all; then the longest waiting. */
export const byNeed = (rows: Iterable<CaseRow>): CaseRow[] =>
  [...rows].sort(
    (a, b) =>
      Number(b.overdue) - Number(a.overdue) ||
      (a.due ?? '9').localeCompare(b.due ?? '9') ||
      a.since.localeCompare(b.since),
  )

/** What most people come for stands first; the others in the hub's order. */
const FIRST = [
  'proposals',
  'snapshots',
  'opinions',
  'activities',
  'duty_records',
  'mandates',
  'legislation',
]
const rankOf = ({ name }: LifeRow): number => FIRST.indexOf(name) + 1 || FIRST.length + 1
const byRank = (rows: readonly LifeRow[]): LifeRow[] =>
  [...rows].sort((a, b) => rankOf(a) - rankOf(b))

/** One for each page: the streams there are, what waits for this person, and what they are told. */
export const createCases = (hub: Hub) => {
  const lives = shallowRef<LifeRow[]>([])
  const notices = shallowRef<NoticeRow[]>([])
  const waiting = shallowRef<CaseRow[]>([])
  const ready = shallowRef(false)
  /** Units by ref, for who may read the directory. */
  const places = shallowRef<Record<string, string>>({})
  const alarms = new Set<Alarm>()
  let watches: { stop(): void }[] = []
  let known: Set<string> | null = null
  let owner = ''

  const heard = (rows: readonly NoticeRow[]): void => {
    const before = known
    known = new Set(rows.map((row) => row.id))
    if (!before) return
    for (const row of rows)
      if (row.unread && !before.has(row.id)) for (const alarm of alarms) alarm(row)
  }
  const follow = <R extends Row>(
    view: string,
    to: ShallowRef<R[]>,
    sort: (rows: Iterable<R>) => R[],
  ) =>
    hub.watch<R>(view, {}, (now: Watch<R>) => {
      if (now.ready && !now.problem) to.value = sort(now.rows.values())
    })
  const followNotices = (): { stop(): void } =>
    hub.watch<NoticeRow & Row>('case_notices', {}, (now) => {
      if (!now.ready || now.problem) return
      notices.value = newest(now.rows.values())
      heard(notices.value)
    })
  const leave = (): void => {
    for (const one of watches) one.stop()
    watches = []
    known = null
    ready.value = false
    lives.value = []
    places.value = {}
    notices.value = []
    waiting.value = []
  }
  const enter = async (person: Me): Promise<void> => {
    watches = [
      followNotices(),
      follow<CaseRow & Row>('case_waiting', waiting as never, byNeed as never),
    ]
    const { rows } = await hub
      .view<LifeRow>('lifecycles', {})
      .catch(() => ({ rows: [] as LifeRow[] }))
    if (person.id !== owner) return
    lives.value = byRank(rows)
    ready.value = true
    if (!person.permissions.includes('directory.view')) return
    const found = await hub.view<OrganisationRow>('organisations', {}).catch(() => ({ rows: [] }))
    places.value = Object.fromEntries(found.rows.map((row) => [row.id, row.short_name || row.name]))
  }
  hub.person.subscribe((person) => {
    if ((person?.id ?? '') === owner) return
    owner = person?.id ?? ''
    leave()
    if (person) void enter(person)
  })

  return {
    lives,
    places,
    notices,
    waiting,
    /** The streams are known. */
    ready,
    unread: computed(() => notices.value.filter((row) => row.unread).length),
    lifeOf: (stream: string): LifeRow | undefined =>
      lives.value.find(({ name }) => name === stream),
    owner: (): string => owner,
    /** Hears of what comes from now on; returns the way to stop. */
    onNotice: (alarm: Alarm): (() => void) => {
      alarms.add(alarm)
      return () => alarms.delete(alarm)
    },
    /** All that is told up to now has been seen. */
    read: (): Promise<unknown> =>
      hub.ask('ReadNotices', { until: new Date(hub.clock.now()).toISOString() }),
  }
}

export type Cases = ReturnType<typeof createCases>
const CASES: InjectionKey<Cases> = Symbol('cases')

export const provideCases = (app: App, cases: Cases): void => {
  app.provide(CASES, cases)
}

export const useCases = (): Cases => {
  const cases = inject(CASES)
  if (!cases) throw new Error('No cases were provided to this app.')
  return cases
}
