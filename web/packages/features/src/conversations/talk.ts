import type { Hub, HubProblem, LinkState, Watch } from '@hub/client'
import type { ConversationRow, Me } from '@hub/contract'
import { computed, inject, shallowReactive, shallowRef, type App, type InjectionKey } from 'vue'
import { createDrafts } from './drafts'
import { createMarks } from './marks'
import { createPost } from './post'
import { holdsMain, MAIN } from './rights'

/** The conversations of one seat, as they are told. `seat` "": one's own. */
export interface SeatList {
  seat: string
  rows: ReadonlyMap<string, ConversationRow>
  ready: boolean
  problem: HubProblem | null
}

export interface Unread {
  count: number
  mentioned: boolean
}

const PAGE = 200
/** Further down one finds by name. */
const MOST = 2000
export const OWN = ''

export const byRecency = (rows: Iterable<ConversationRow>): ConversationRow[] =>
  [...rows].sort((a, b) => b.changed_at.localeCompare(a.changed_at) || a.id.localeCompare(b.id))

/** A muted conversation has no badge, but being mentioned counts. */
export const badgeOf = (row: ConversationRow): number => (row.muted ? row.mentions : row.unread)

export const unreadOf = (rows: Iterable<ConversationRow>): Unread => {
  const all = [...rows]
  return {
    count: all.reduce((sum, row) => sum + badgeOf(row), 0),
    mentioned: all.some((row) => row.mentions > 0),
  }
}

const EMPTY = { rows: new Map(), ready: false, problem: null }

/** One for each page: all lists of the person who sits here, what leaves, and what was read. */
export const createTalk = (hub: Hub, storage: Storage = localStorage) => {
  const me = shallowRef<Me | null>(null)
  const link = shallowRef<LinkState>(hub.link.value)
  const lists = shallowReactive(new Map<string, SeatList>())
  const lengths = new Map<string, number>()
  const marks = createMarks(hub)
  const post = createPost(hub, storage)
  const drafts = createDrafts(storage)
  const watches = new Map<string, Watch<ConversationRow>>()

  const take = (seat: string, now: Watch<ConversationRow>): void => {
    if (now.problem?.passing) return
    lists.set(seat, { seat, rows: now.rows, ready: now.ready, problem: now.problem })
    for (const row of now.rows.values())
      if (row.unread) marks.delivered(row.id, row.seat, row.last_number)
  }
  const follow = (seat: string, limit = PAGE): void => {
    const before = watches.get(seat)
    const told = (now: Watch<ConversationRow>): void => take(seat, now)
    lengths.set(seat, limit)
    watches.set(seat, hub.watch<ConversationRow>('conversations', { seat, limit }, told))
    before?.stop()
  }
  const begin = (seat: string): void => {
    lists.set(seat, { seat, ...EMPTY })
    follow(seat)
  }
  const leave = (): void => {
    for (const one of watches.values()) one.stop()
    watches.clear()
    lists.clear()
    marks.forget()
    post.close()
    drafts.close()
  }
  const enter = (person: Me): void => {
    begin(OWN)
    if (holdsMain(person)) begin(MAIN)
    post.openFor(person.id)
    drafts.openFor(person.id)
  }
  /** The list is watched further down, where there is more. */
  const more = (seat: string): void => {
    const length = lengths.get(seat) ?? MOST
    if ((lists.get(seat)?.rows.size ?? 0) >= length && length < MOST) follow(seat, length + PAGE)
  }
  hub.person.subscribe((person) => {
    const before = me.value?.id
    me.value = person
    if (before === person?.id) return
    leave()
    if (person) enter(person)
  })
  hub.link.subscribe((state) => (link.value = state))

  return {
    me,
    link,
    lists,
    marks,
    post,
    drafts,
    more,
    listOf: (seat: string): SeatList => lists.get(seat) ?? { seat, ...EMPTY },
    /** The row of a conversation as `seat` sees it, or else another seat of this person. */
    find: (id: string, seat: string): ConversationRow | undefined =>
      [lists.get(seat), ...lists.values()]
        .map((list) => list?.rows.get(id))
        .find((row) => row !== undefined),
    unread: computed(() =>
      unreadOf([...lists.values()].flatMap((list) => [...list.rows.values()])),
    ),
  }
}

export type Talk = ReturnType<typeof createTalk>
const TALK: InjectionKey<Talk> = Symbol('talk')

export const provideTalk = (app: App, talk: Talk): void => {
  app.provide(TALK, talk)
}

export const useTalk = (): Talk => {
  const talk = inject(TALK)
  if (!talk) throw new Error('No talk was provided to this app.')
  return talk
}
