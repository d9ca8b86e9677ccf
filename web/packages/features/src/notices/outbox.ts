import { HubProblem, uuid7, type Hub } from '@hub/client'
import type { ReceiptsTaken } from '@hub/contract'
import { kept } from './kept'
import type { NoticeReceipt } from './receipt'

/** One telling. Its id never changes, so that sending it twice is telling it once. */
export interface Parcel {
  id: string
  items: NoticeReceipt[]
}
export type Sent = 'taken' | 'kept'

/** `unknown`: deliveries that the hub does not know as ours. */
export interface Hears {
  taken(items: NoticeReceipt[], unknown: string[]): void
  refused(items: NoticeReceipt[], problem: HubProblem): void
}

interface Waiter {
  resolve(sent: Sent): void
  reject(problem: HubProblem): void
}

type Outcome = { taken: ReceiptsTaken } | { refused: HubProblem } | 'kept' | 'last'

const PATIENCE = { online: 8000, away: 2000 }
const AGAIN = 20_000
const LATER = new Set([0, 401, 408, 425, 429])

const judge = (problem: HubProblem): Outcome => {
  if (problem.passing || LATER.has(problem.status)) return 'kept'
  return problem.status >= 500 ? 'last' : { refused: problem }
}

/** What an outbox needs of the hub. */
export type Line = Pick<Hub, 'link' | 'ask'>

const deliver = async (hub: Line, parcel: Parcel): Promise<Outcome> => {
  const patience = hub.link.value === 'online' ? PATIENCE.online : PATIENCE.away
  try {
    return { taken: await hub.ask<ReceiptsTaken>('ReportReceipts', { ...parcel }, { patience }) }
  } catch (why) {
    if (!(why instanceof HubProblem)) throw why
    return judge(why)
  }
}

/** Who put a parcel in and waits to hear of it. */
const createWaiters = (hears: Hears) => {
  const waiters = new Map<string, Waiter>()
  return {
    add: (id: string, waiter: Waiter) => waiters.set(id, waiter),
    tell(parcel: Parcel, outcome: Exclude<Outcome, string>): void {
      const waiter = waiters.get(parcel.id)
      waiters.delete(parcel.id)
      if ('taken' in outcome) {
        hears.taken(parcel.items, outcome.taken.unknown ?? [])
        waiter?.resolve('taken')
      } else {
        hears.refused(parcel.items, outcome.refused)
        waiter?.reject(outcome.refused)
      }
    },
    letGo(): void {
      for (const [id, waiter] of waiters) {
        waiters.delete(id)
        waiter.resolve('kept')
      }
    },
  }
}

/** Receipts wait here, over reloads, until the hub has taken them. */
export const createOutbox = (hub: Line, hears: Hears, storage: Storage = localStorage) => {
  const parcels = kept<Parcel[]>('hub.receipts', [], storage)
  const waiters = createWaiters(hears)
  let busy = false
  let more = false

  /** True: there may be more to send. */
  const sendFirst = async (): Promise<boolean> => {
    const [parcel] = parcels.read()
    if (!parcel) return false
    const outcome = await deliver(hub, parcel)
    if (outcome === 'kept') return false
    const others = parcels.read().filter((other) => other.id !== parcel.id)
    // What the hub cannot digest now must not stand in the way of the others.
    parcels.write(outcome === 'last' ? [...others, parcel] : others)
    if (outcome === 'last') return false
    waiters.tell(parcel, outcome)
    return true
  }
  const flush = async (): Promise<void> => {
    more = true
    if (busy) return
    busy = true
    try {
      while (more) {
        more = false
        while (await sendFirst());
      }
    } finally {
      busy = false
      waiters.letGo()
    }
  }

  hub.link.subscribe((state) => {
    if (state === 'online') void flush()
  })
  setInterval(() => {
    if (hub.link.value === 'online' && parcels.read().length) void flush()
  }, AGAIN)

  return {
    /** Durable at once. Resolves when taken, or kept for later; rejects with the hub's refusal. */
    put: (items: NoticeReceipt[]): Promise<Sent> =>
      new Promise((resolve, reject) => {
        const parcel = { id: uuid7(), items }
        parcels.write([...parcels.read(), parcel])
        waiters.add(parcel.id, { resolve, reject })
        void flush()
      }),
    waiting: (): NoticeReceipt[] => parcels.read().flatMap((parcel) => parcel.items),
    flush,
    clear: parcels.clear,
  }
}

export type Outbox = ReturnType<typeof createOutbox>
