import type { FileRow } from '@hub/contract'

/** A picture, a film or a clip of a snapshot; its bytes lie apart. */
export interface Piece {
  name: string
  type: string
  size: number
  /** What the hub made of it; null while it is not there yet. */
  row: FileRow | null
}

/** `waiting`: for the line, or for its turn. `failed`: refused; `why` is the hub's sentence. */
export type SnapState = 'waiting' | 'going' | 'failed'

/** A snapshot that is not at the hub yet. Its id is the case's: however often it is sent, it is there once. */
export interface Snap {
  id: string
  owner: string
  kind: string
  text: string
  place: string
  where: { lon: number; lat: number; accuracy: number } | null
  pieces: Piece[]
  /** By this phone's clock, right or wrong: when it was sent off, and since when there was a line for it (0: not yet). */
  tapped: number
  began: number
  attempts: number
  announced: boolean
  state: SnapState
  why: string
}

export interface SnapStore {
  /** Theirs, the oldest first. */
  all(owner: string): Promise<Snap[]>
  add(snap: Snap, files: readonly File[]): Promise<void>
  save(snap: Snap): Promise<void>
  file(id: string, at: number): Promise<File | undefined>
  drop(id: string): Promise<void>
}

const NAME = 'hub.snapshots'
const [SNAPS, FILES] = ['snaps', 'files']

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })

const done = (work: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    work.oncomplete = () => resolve()
    work.onabort = () => reject(work.error ?? new Error('IndexedDB'))
  })

const opened = (): Promise<IDBDatabase> => {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(SNAPS, { keyPath: 'id' })
    request.result.createObjectStore(FILES)
  }
  return answer(request)
}

const filesOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id], [id, []])
const byAge = (snaps: Snap[]): Snap[] => snaps.sort((a, b) => a.id.localeCompare(b.id))

/** Asked not to be cleared away when the phone runs short; some browsers say no. */
const stay = (): void => {
  const storage = navigator.storage as StorageManager | undefined
  void storage?.persist().catch(() => false)
}

/** Outlives the page. What is written is on the disk when the promise resolves. */
export const createStore = (): SnapStore => {
  let base: Promise<IDBDatabase> | null = null
  const work = async (
    mode: IDBTransactionMode,
    act: (snaps: IDBObjectStore, files: IDBObjectStore) => void,
  ): Promise<void> => {
    base ??= opened()
    const all = (await base).transaction([SNAPS, FILES], mode)
    act(all.objectStore(SNAPS), all.objectStore(FILES))
    await done(all)
  }
  const read = async <T>(
    from: string,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    base ??= opened()
    return answer(ask((await base).transaction(from).objectStore(from)))
  }
  return {
    all: async (owner) => {
      const kept = await read<Snap[]>(SNAPS, (store) => store.getAll())
      return byAge(kept.filter((one) => one.owner === owner))
    },
    add: (snap, taken) => {
      stay()
      return work('readwrite', (snaps, files) => {
        snaps.put(snap)
        for (const [at, file] of taken.entries()) files.put(file, [snap.id, at])
      })
    },
    save: (snap) => work('readwrite', (snaps) => void snaps.put(snap)),
    file: (id, at) => read<File | undefined>(FILES, (store) => store.get([id, at])),
    drop: (id) =>
      work('readwrite', (snaps, files) => {
        snaps.delete(id)
        files.delete(filesOf(id))
      }),
  }
}

/** For a browser that keeps nothing, and for tests: until the page is closed. */
export const createMemory = (): SnapStore => {
  const snaps = new Map<string, Snap>()
  const files = new Map<string, readonly File[]>()
  return {
    all: (owner) =>
      Promise.resolve(byAge([...snaps.values()].filter((one) => one.owner === owner))),
    add: (snap, taken) => {
      snaps.set(snap.id, snap)
      files.set(snap.id, taken)
      return Promise.resolve()
    },
    save: (snap) => {
      if (snaps.has(snap.id)) snaps.set(snap.id, snap)
      return Promise.resolve()
    },
    file: (id, at) => Promise.resolve(files.get(id)?.[at]),
    drop: (id) => {
      snaps.delete(id)
      files.delete(id)
      return Promise.resolve()
    },
  }
}
