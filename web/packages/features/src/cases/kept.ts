import { uuid7 } from '@hub/client'
import { kept } from '../notices/kept'
import type { Values } from './form'

/** A form that was begun. `id` and `case` stay the same until it was taken: pressed twice is done once. */
export interface Begun {
  id: string
  case: string
  values: Values
  /** What the refs that were picked are called. */
  names: Record<string, string>
  at: number
}

const MOST = 30
type Shelf = [key: string, begun: Begun][]

/** What this person began to fill in, on this screen: it is there after a reload. */
export const createShelf = (owner: string, storage: Storage = localStorage) => {
  const memory = kept<Shelf>(`hub.cases.${owner}`, [], storage)
  const others = (key: string): Shelf => memory.read().filter(([each]) => each !== key)
  return {
    find: (key: string): Begun | undefined => memory.read().find(([each]) => each === key)?.[1],
    keep: (key: string, begun: Begun): void =>
      memory.write([[key, begun] as [string, Begun], ...others(key)].slice(0, MOST)),
    drop: (key: string): void => memory.write(others(key)),
    /** Of new cases of this stream that were begun and not sent. */
    begun: (stream: string): [string, Begun][] =>
      memory.read().filter(([key]) => key.startsWith(`${stream}/`)),
  }
}

export const begin = (of = ''): Begun => ({
  id: uuid7(),
  case: of || uuid7(),
  values: {},
  names: {},
  at: Date.now(),
})
