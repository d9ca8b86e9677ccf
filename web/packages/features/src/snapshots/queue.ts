import { uuid7, type Hub } from '@hub/client'
import { inject, shallowRef, type App, type InjectionKey } from 'vue'
import { sendOne, type Line } from './sending'
import type { Snap, SnapStore } from './store'

/** What somebody takes on the way. */
export interface Taken {
  kind: string
  text: string
  place: string
  where: Snap['where']
  files: readonly File[]
}

const AGAIN = 4000
const LOCK = 'hub.snapshots'

/** One page of a browser sends at a time: two would count attempts twice. Another one at it: this one waits. */
const alone = async (act: () => Promise<void>): Promise<void> => {
  const locks = navigator.locks as LockManager | null | undefined
  if (!locks) return act()
  await locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? act() : undefined))
}

/** What waits, as it is shown and as it is kept. */
const createShelf = (store: SnapStore) => {
  const all = shallowRef<readonly Snap[]>([])
  let owner = ''
  const put = (snap: Snap): void => {
    all.value = all.value.map((one) => (one.id === snap.id ? snap : one))
  }
  return {
    all,
    put,
    owner: (): string => owner,
    find: (id: string): Snap | undefined => all.value.find((one) => one.id === id),
    look: async (): Promise<void> => {
      all.value = owner ? await store.all(owner) : []
    },
    openFor: (person: string): void => {
      owner = person
    },
    add: async (snap: Snap, files: readonly File[]): Promise<void> => {
      await store.add(snap, files)
      all.value = [...all.value, snap]
    },
    again: async (snap: Snap): Promise<void> => {
      const next: Snap = { ...snap, state: 'waiting', why: '' }
      put(next)
      await store.save(next)
    },
    /** There is a line: from now on it is the sending that takes its time, also for what waits for its turn. */
    begin: async (now: number): Promise<void> => {
      const fresh = all.value.filter((one) => !one.began).map((one) => ({ ...one, began: now }))
      for (const one of fresh) put(one)
      await Promise.all(fresh.map(store.save))
    },
    /** From the screen; from the store where it is there still. */
    drop: async (id: string): Promise<void> => {
      all.value = all.value.filter((one) => one.id !== id)
      await store.drop(id)
    },
  }
}

const taken = ({ files, ...more }: Taken, owner: string, now: number, online: boolean): Snap => ({
  ...more,
  id: uuid7(),
  owner,
  pieces: files.map(({ name, type, size }) => ({ name, type, size, row: null })),
  tapped: now,
  began: online ? now : 0,
  attempts: 0,
  announced: false,
  state: 'waiting',
  why: '',
})

/** The queue of a phone: what is sent without a line, or in a page that is closed at once, goes later, once. */
export const createSnaps = (
  hub: Line & Pick<Hub, 'person'>,
  store: SnapStore,
  clock: () => number = Date.now,
) => {
  const shelf = createShelf(store)
  const parts = shallowRef<Readonly<Record<string, number>>>({})
  /** How many have arrived since this page was opened: lists may be read again. */
  const arrived = shallowRef(0)
  let busy = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let now = { id: '', stop: (): void => undefined }

  const ready = (): boolean =>
    hub.link.value === 'online' && shelf.owner() !== '' && hub.person.value?.id === shelf.owner()

  /** False: it waits, and so do those behind it. */
  const send = async (snap: Snap): Promise<boolean> => {
    const hears = {
      there: (id: string) => shelf.find(id) !== undefined,
      turned: shelf.put,
      progress: (id: string, part: number) => (parts.value = { ...parts.value, [id]: part }),
      going: (stop: () => void) => (now = { id: snap.id, stop }),
    }
    const outcome = await sendOne(hub, store, hears, snap, clock)
    if (outcome !== 'delivered') return outcome !== 'waiting'
    await shelf.drop(snap.id)
    arrived.value += 1
    return true
  }
  const sendAll = async (): Promise<void> => {
    await shelf.look()
    await shelf.begin(clock())
    const tried = new Set<string>()
    const next = (): Snap | undefined =>
      shelf.all.value.find((one) => one.state !== 'failed' && !tried.has(one.id))
    for (let one = next(); one && ready(); one = next()) {
      tried.add(one.id)
      if (!(await send(one))) return
    }
  }
  const later = (): void => {
    clearTimeout(timer)
    const waits = shelf.all.value.some((one) => one.state !== 'failed')
    if (waits) timer = setTimeout(() => void flush(), AGAIN)
  }
  const flush = async (): Promise<void> => {
    if (!ready()) return later()
    await shelf.begin(clock())
    if (busy) return
    busy = true
    try {
      await alone(sendAll)
    } finally {
      busy = false
      later()
    }
  }
  const openFor = async (person: string): Promise<void> => {
    shelf.openFor(person)
    await shelf.look()
    await flush()
  }
  hub.link.subscribe((state) => {
    if (state === 'online') void flush()
  })
  hub.person.subscribe((person) => {
    if (person) void (person.id === shelf.owner() ? flush() : openFor(person.id))
  })

  return {
    all: shelf.all,
    parts,
    arrived,
    openFor,
    /** Kept when it resolves: the page may be closed then. */
    add: async (what: Taken): Promise<void> => {
      await shelf.add(taken(what, shelf.owner(), clock(), ready()), what.files)
      void flush()
    },
    retry: async (id: string): Promise<void> => {
      const snap = shelf.find(id)
      if (snap) await shelf.again(snap)
      await flush()
    },
    /** Given up: the hub is told if it knows of it, so that it does not count as lost. */
    drop: async (id: string): Promise<void> => {
      const snap = shelf.find(id)
      await shelf.drop(id)
      if (now.id === id) now.stop()
      if (snap?.attempts) await hub.ask('DropSnapshot', { case: id }).catch(() => undefined)
    },
  }
}

export type Snaps = ReturnType<typeof createSnaps>
const SNAPS: InjectionKey<Snaps> = Symbol('snaps')

export const provideSnaps = (app: App, snaps: Snaps): void => {
  app.provide(SNAPS, snaps)
}

export const useSnaps = (): Snaps => {
  const snaps = inject(SNAPS)
  if (!snaps) throw new Error('No snapshots were provided to this app.')
  return snaps
}
