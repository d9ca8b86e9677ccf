import type { Hub } from '@hub/client'
import type { MessageRow } from '@hub/contract'
import { createApp, type App } from 'vue'
import { afterEach, expect, it } from 'vitest'
import { provideHub } from '../page/hub'
import { useHistory } from './history'
import { messagesOf } from './samples'

let app: App | undefined
afterEach(() => app?.unmount())

interface Asked {
  before?: number
  after?: number
  around?: number
  limit: number
}

/** A hub with a conversation of so many messages; `tell` passes on rows as a watch does. */
const hubOf = (count: number) => {
  const all = messagesOf(1, count)
  let tell: (rows: MessageRow[]) => void = () => undefined
  const rowsOf = ({ before, after, around, limit }: Asked): MessageRow[] => {
    if (after !== undefined) return all.filter((row) => row.number > after).slice(0, limit)
    const high = around === undefined ? (before ?? Infinity) : around + limit / 2
    return all.filter((row) => row.number < high).slice(-limit)
  }
  const hub = {
    view: async (_name: string, asked: Asked) => ({ rows: rowsOf(asked) }),
    watch: (_view: string, _params: object, changed: (watch: object) => void) => {
      tell = (rows) =>
        changed({ ready: true, problem: null, rows: new Map(rows.map((row) => [row.id, row])) })
      return { stop: () => undefined }
    },
  }
  const grow = (by: number): MessageRow[] => {
    const news = messagesOf(all.length + 1, all.length + by)
    all.push(...news)
    return news
  }
  return { hub: hub as unknown as Hub, all, grow, tell: (rows: MessageRow[]) => tell(rows) }
}

const historyOf = (hub: Hub, from: number | null = null) => {
  let made: ReturnType<typeof useHistory> | undefined
  app = createApp({ setup: () => ((made = useHistory('c1', from)), () => null) })
  provideHub(app, hub)
  app.mount(document.createElement('div'))
  return made as ReturnType<typeof useHistory>
}
const settle = (): Promise<void> => new Promise((done) => setTimeout(done))
const span = (history: ReturnType<typeof useHistory>): unknown[] => {
  const numbers = history.thread.value.rows.map((row) => row.number)
  return [numbers[0], numbers.at(-1), new Set(numbers).size === numbers.length]
}

it('fetches what was missed, so that each message is there once and in order', async () => {
  const { hub, all, grow, tell } = hubOf(60)
  const history = historyOf(hub)
  tell(all.slice(-50))
  grow(300)
  tell(all.slice(-50))
  await settle()
  expect(span(history)).toEqual([11, 360, true])
  expect(history.end.value).toBe(true)
})

it('goes back as far as there is something, and knows the beginning', async () => {
  const { hub, all, tell } = hubOf(120)
  const history = historyOf(hub)
  tell(all.slice(-50))
  await history.above()
  expect([span(history), history.whole.value]).toEqual([[21, 120, true], false])
  await history.above()
  expect([span(history), history.whole.value]).toEqual([[1, 120, true], true])
})

it('opens at a message far above, and does not jump when something new is said', async () => {
  const { hub, grow, tell } = hubOf(500)
  const history = historyOf(hub, 100)
  await settle()
  const before = span(history)
  tell(grow(1))
  expect(span(history)).toEqual(before)
  expect([history.end.value, history.thread.value.last]).toEqual([false, 501])
  await history.toEnd()
  expect([span(history), history.end.value]).toEqual([[452, 501, true], true])
})
