import { observable, type Hub, type ViewAnswer } from '@hub/client'
import { afterEach, expect, it } from 'vitest'
import { createApp, nextTick, ref, type App } from 'vue'
import { provideHub } from './hub'
import { useRows } from './rows'

interface Named {
  id: string
}
interface Question {
  params: object
  answer: (rows: Named[]) => Promise<void>
}

let app: App | undefined
afterEach(() => app?.unmount())

/** A hub that answers when it is told to, in any order. */
const slowHub = () => {
  const asked: Question[] = []
  const view = (_name: string, params: object): Promise<ViewAnswer<Named>> =>
    new Promise((resolve) => {
      const answer = async (rows: Named[]): Promise<void> => {
        resolve({ rows, total: rows.length, position: 0 })
        await nextTick()
      }
      asked.push({ params, answer })
    })
  return { asked, hub: { view } as unknown as Hub }
}

const within = <T>(hub: Hub, run: () => T): T => {
  let made: T | undefined
  app = createApp({
    setup: () => {
      made = run()
      return () => null
    },
  })
  provideHub(app, hub)
  app.mount(document.createElement('div'))
  return made as T
}

it('does not let an older answer overwrite a newer one', async () => {
  const { asked, hub } = slowHub()
  const text = ref('z')
  const list = within(hub, () =>
    useRows<Named>('people', () => ({ text: text.value }), { still: true }),
  )

  text.value = 'zs'
  await nextTick()
  expect(asked.map((one) => one.params)).toEqual([{ text: 'z' }, { text: 'zs' }])
  await asked[1]?.answer([{ id: '张三' }])
  await asked[0]?.answer([{ id: '赵六' }, { id: '张三' }])

  expect(list.rows.value).toEqual([{ id: '张三' }])
})

it('keeps the rows of before while new ones are under way, and says so', async () => {
  const { asked, hub } = slowHub()
  const text = ref('')
  const list = within(hub, () =>
    useRows<Named>('people', () => ({ text: text.value }), { still: true }),
  )
  await asked[0]?.answer([{ id: '张三' }])

  text.value = '李'
  await nextTick()

  expect(list.rows.value).toEqual([{ id: '张三' }])
  expect([list.ready.value, list.busy.value]).toEqual([true, true])
})

it('asks again for what was given while the database was away, when it is back', async () => {
  const asOf = observable<number | null>(null)
  const given: ViewAnswer<Named>[] = [
    { rows: [{ id: '旧' }], total: 1, position: 0, as_of: '2026-11-22T02:00:00Z' },
    { rows: [{ id: '新' }], total: 1, position: 0 },
  ]
  const view = (): Promise<ViewAnswer<Named>> => {
    const answer = given.shift() ?? { rows: [], total: 0, position: 0 }
    asOf.set(answer.as_of ? Date.parse(answer.as_of) : null)
    return Promise.resolve(answer)
  }
  const hub = { view, asOf } as unknown as Hub
  const list = within(hub, () => useRows<Named>('people', {}, { still: true }))

  await nextTick()
  expect(list.rows.value).toEqual([{ id: '旧' }])
  asOf.set(null)
  await nextTick()
  await nextTick()

  expect(list.rows.value).toEqual([{ id: '新' }])
  expect(given).toEqual([])
})
