import { observable, type Observable } from './observable'

/** Milliseconds until one of what is old is asked for anew, and by chance as long again. */
const AGAIN = 4000
/** Within so long, by chance, all others ask when one of them was answered anew. */
const ALL_WITHIN = 1000

interface Old {
  at: number
  again: () => void
}

export interface Freshness {
  /** Of when the oldest is that the page shows although the hub's database is away; null: all is as it is. */
  readonly asOf: Observable<number | null>
  /** What `who` shows is of that time; `again` asks anew. */
  old(who: unknown, asOf: string, again: () => void): void
  /** What `who` shows is as it is now. */
  fresh(who: unknown): void
  /** `who` is shown no longer. */
  forget(who: unknown): void
}

/**
 * While the database is away the hub gives what it remembers. One question from time to time finds out when it is
 * back; then everything that is old is asked for.
 */
export const createFreshness = (): Freshness => {
  const held = new Map<unknown, Old>()
  const asOf = observable<number | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  const tell = (): void => {
    const times = [...held.values()].map((old) => old.at)
    asOf.set(times.length > 0 ? Math.min(...times) : null)
    if (times.length > 0) return
    clearTimeout(timer)
    timer = undefined
  }
  const askOne = (): void => {
    timer = setTimeout(askOne, AGAIN * (1 + Math.random()))
    held.values().next().value?.again()
  }
  const askAll = (): void => {
    for (const old of held.values()) setTimeout(old.again, Math.random() * ALL_WITHIN)
  }
  const forget = (who: unknown): void => {
    if (held.delete(who)) tell()
  }
  return {
    asOf,
    old(who, at, again) {
      held.set(who, { at: Date.parse(at), again })
      timer ??= setTimeout(askOne, AGAIN * (1 + Math.random()))
      tell()
    },
    fresh(who) {
      const was = held.has(who)
      forget(who)
      if (was) askAll()
    },
    forget,
  }
}
