import { HubProblem, type Hub, type LinkState } from '@hub/client'
import type { Channel, NoticeRow, ReceiptState } from '@hub/contract'
import { inject, ref, shallowRef, type App, type InjectionKey } from 'vue'
import { kept } from './kept'
import { createOutbox, type Sent } from './outbox'
import type { NoticeReceipt } from './receipt'
import { mineOf, standingOf, type Listed, type Mine } from './standing'
import { createTold } from './told'

/** What an inbox needs of the hub. */
export type Post = Pick<Hub, 'link' | 'ask' | 'clock' | 'watch'>

export interface InboxOptions {
  storage?: Storage
  /** The road whose link was opened, for this delivery. */
  via?: (delivery: string) => Channel | undefined
}

const SHELF = 100

const ownFrom = (receipts: NoticeReceipt[]): Map<string, Mine> =>
  new Map(
    receipts
      .filter((item) => item.state === 'confirmed')
      .map((item) => [
        item.delivery,
        { reply: item.reply ?? '', reason: item.reason ?? '', state: 'kept' as const },
      ]),
  )

/** The hub's rows, and those of last time until they have come: a page without a line is not blank. */
const createShelf = (storage: Storage) => {
  const memory = kept<NoticeRow[]>('hub.notices', [], storage)
  const rows = shallowRef<NoticeRow[]>(memory.read())
  return {
    rows,
    show(now: Iterable<NoticeRow>): void {
      rows.value = [...now]
      memory.write(rows.value.slice(-SHELF))
    },
    clear(): void {
      rows.value = []
      memory.clear()
    },
  }
}

const createAnswers = () => {
  const own = shallowRef<ReadonlyMap<string, Mine>>(new Map())
  return {
    own,
    set(delivery: string, mine: Mine | null): void {
      const next = new Map(own.value)
      if (mine) next.set(delivery, mine)
      else next.delete(delivery)
      own.value = next
    },
    /** Each change of an answer is newer than the one before; only the last is shown. */
    rise(item: NoticeReceipt, state: Mine['state']): void {
      const mine = own.value.get(item.delivery)
      if (mine && mine.reply === (item.reply ?? '')) this.set(item.delivery, { ...mine, state })
    },
    /** The hub's row has caught up, or somebody answered elsewhere after us. */
    settle(rows: Iterable<NoticeRow>): void {
      for (const row of rows) {
        const mine = own.value.get(row.id)
        if (mine?.state === 'taken' && row.outcome === 'confirmed' && row.reply === mine.reply)
          this.set(row.id, null)
      }
    },
  }
}

const createReceipts =
  (hub: Post, options: InboxOptions) =>
  (delivery: string, state: ReceiptState, more: Partial<NoticeReceipt> = {}): NoticeReceipt => {
    const via = options.via?.(delivery)
    const at = new Date(hub.clock.now()).toISOString()
    return { delivery, state, at, ...(via ? { via } : {}), ...more }
  }

/** Tells the hub what was seen and answered. */
const createTelling = (hub: Post, storage: Storage, options: InboxOptions) => {
  const answers = createAnswers()
  const told = createTold(storage)
  const unsent = ref(0)
  const count = (): void => {
    unsent.value = outbox.waiting().length
  }
  const outbox = createOutbox(
    hub,
    {
      taken(items) {
        for (const item of items) answers.rise(item, 'taken')
        count()
      },
      refused(items) {
        for (const item of items) if (item.state === 'confirmed') answers.set(item.delivery, null)
        count()
      },
    },
    storage,
  )
  answers.own.value = ownFrom(outbox.waiting())
  count()

  const receipt = createReceipts(hub, options)
  const put = (items: NoticeReceipt[]): Promise<Sent> => {
    const sending = outbox.put(items)
    count()
    return sending
  }
  /** Each state of a delivery once; a refusal concerns nobody who reads. */
  const report = (
    deliveries: string[],
    state: ReceiptState,
    more?: Partial<NoticeReceipt>,
  ): void => {
    const news = deliveries.filter((delivery) => told.note(delivery, state))
    if (news.length)
      void put(news.map((delivery) => receipt(delivery, state, more))).catch(() => 'kept')
  }
  const answer = async (delivery: string, reply: string, reason: string): Promise<Sent> => {
    const before = answers.own.value.get(delivery) ?? null
    answers.set(delivery, { reply, reason, state: 'sending' })
    try {
      const sent = await put([receipt(delivery, 'confirmed', { reply, reason })])
      answers.set(delivery, { reply, reason, state: sent })
      return sent
    } catch (why) {
      answers.set(delivery, before)
      throw why
    }
  }
  const forget = (): void => {
    outbox.clear()
    told.clear()
    answers.own.value = new Map()
    count()
  }
  return { answers, told, unsent, report, answer, forget }
}

/** The notices of one station or one person, what was answered, and what waits to be told. */
export const createInbox = (hub: Post, options: InboxOptions = {}) => {
  const storage = options.storage ?? localStorage
  const shelf = createShelf(storage)
  const { answers, told, unsent, report, ...telling } = createTelling(hub, storage, options)
  const link = ref<LinkState>(hub.link.value)
  const fresh = ref(false)
  const problem = shallowRef<HubProblem | null>(null)

  const take = (rows: Iterable<NoticeRow>): void => {
    shelf.show(rows)
    answers.settle(shelf.rows.value)
    fresh.value = true
    problem.value = null
    const came = shelf.rows.value.filter((row) => !row.cancelled && row.outcome !== 'confirmed')
    report(
      came.map((row) => row.id),
      'delivered',
    )
  }
  hub.link.subscribe((state) => (link.value = state))
  hub.watch<NoticeRow>('inbox', {}, (now) => {
    if (now.problem) problem.value = now.problem
    else take(now.rows.values())
  })

  return {
    rows: shelf.rows,
    own: answers.own,
    link,
    /** The rows are the hub's own, not those of last time. */
    fresh,
    problem,
    unsent,
    told,
    report,
    async answer(delivery: string, reply: string, reason: string): Promise<Sent> {
      const sent = await telling.answer(delivery, reply, reason)
      answers.settle(shelf.rows.value)
      return sent
    },
    listed: (at: number): Listed[] =>
      shelf.rows.value.map((row) => {
        const mine = mineOf(row, answers.own.value.get(row.id))
        return { row, mine, standing: standingOf(row, mine, at) }
      }),
    /** Another person sits here now. */
    forget(): void {
      shelf.clear()
      telling.forget()
    },
  }
}

export type Inbox = ReturnType<typeof createInbox>
const INBOX: InjectionKey<Inbox> = Symbol('inbox')

export const provideInbox = (app: App, inbox: Inbox): void => {
  app.provide(INBOX, inbox)
}

export const useInbox = (): Inbox => {
  const inbox = inject(INBOX)
  if (!inbox) throw new Error('No inbox was provided to this app.')
  return inbox
}
