import { HubProblem, observable, type LinkState, type UploadHears } from '@hub/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { faultOf, fitted } from './pictures'
import { createSnaps, type Taken } from './queue'
import { createMemory, type SnapStore } from './store'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

interface Asked {
  type: string
  case: string
  form: {
    files: string[]
    way: { attempts: number; tapped: string; began: string; phone_now: string }
  }
}
const OFFLINE = new HubProblem({ code: 'offline' })
const THERE = new HubProblem({ code: 'other-state', status: 409 })
const REFUSED = new HubProblem({ code: 'guarded', status: 422, detail: '请写几个字' })
const PICTURE = new File(['x'], 'a.jpg', { type: 'image/jpeg' })
const taken = (text: string, files: File[] = []): Taken => ({
  kind: 'road',
  text,
  place: '',
  where: null,
  files,
})

const phone = (answers: (HubProblem | null)[] = [], store: SnapStore = createMemory()) => {
  const link = observable<LinkState>('online')
  const person = observable({ id: 'person:1' })
  const asked: Asked[] = []
  const uploads: { hears: UploadHears; finish: (row: unknown) => void }[] = []
  const ask = (type: string, wish: object): Promise<unknown> => {
    asked.push({ type, ...wish } as Asked)
    const problem = answers.shift()
    return problem ? Promise.reject(problem) : Promise.resolve({})
  }
  const uploadInPieces = (_file: File, _purpose: string, hears: UploadHears) => ({
    done: new Promise((finish) => uploads.push({ hears, finish })),
    cancel: () => undefined,
  })
  const snaps = createSnaps({ link, person, ask, uploadInPieces } as never, store, () => Date.now())
  return { link, asked, uploads, snaps, store, sent: () => asked.map(({ type }) => type) }
}
const settle = (millis = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(millis)

it('announces, sends its files, then itself, and is kept no longer', async () => {
  const { snaps, uploads, asked, sent, store } = phone()
  await settle()
  await snaps.add(taken('路灯坏了', [PICTURE]))
  await settle()
  expect(sent()).toEqual(['AnnounceSnapshot'])
  uploads[0]?.finish({ id: 'f1' })
  await settle()
  expect(sent()).toEqual(['AnnounceSnapshot', 'SendSnapshot'])
  expect(asked[1]?.form).toMatchObject({ files: ['f1'], way: { attempts: 1 } })
  expect(new Set(asked.map((one) => one.case)).size).toBe(1)
  expect([await store.all('person:1'), snaps.all.value, snaps.arrived.value]).toEqual([[], [], 1])
})

it('waits without a line, survives the page, and goes at its first attempt', async () => {
  const store = createMemory()
  const first = phone([], store)
  await settle()
  first.link.set('offline')
  await first.snaps.add(taken('路灯坏了'))
  await settle(60_000)
  expect(first.sent()).toEqual([])

  const second = phone([], store)
  await settle()
  expect(second.sent()).toEqual(['AnnounceSnapshot', 'SendSnapshot'])
  const { tapped, began, attempts } = second.asked[1]?.form.way ?? {}
  expect(attempts).toBe(1)
  expect(Date.parse(began ?? '') - Date.parse(tapped ?? '')).toBe(60_000)
})

it('counts the time in the queue as sending, where there is a line', async () => {
  const { snaps, uploads, asked } = phone()
  await settle()
  await snaps.add(taken('一', [PICTURE]))
  await settle(1000)
  await snaps.add(taken('二二'))
  await settle(9000)
  uploads[0]?.finish({ id: 'f1' })
  await settle()
  const { tapped, began, phone_now } = asked.at(-1)?.form.way ?? {}
  const age = (at?: string): number => Date.parse(phone_now ?? '') - Date.parse(at ?? '')
  expect([age(tapped), age(began)]).toEqual([9000, 9000])
})

it('counts each try, and each time the line comes back under way', async () => {
  const { snaps, uploads, asked } = phone([OFFLINE])
  await settle()
  await snaps.add(taken('路灯坏了', [PICTURE]))
  await settle(4000)
  uploads[0]?.hears.paused?.(true)
  uploads[0]?.hears.paused?.(false)
  uploads[0]?.finish({ id: 'f1' })
  await settle()
  expect(asked.map((one) => [one.type, one.form.way.attempts])).toEqual([
    ['AnnounceSnapshot', 1],
    ['AnnounceSnapshot', 2],
    ['SendSnapshot', 3],
  ])
})

it('takes for arrived what is there already, because only the receipt was lost', async () => {
  const { snaps } = phone([null, OFFLINE, THERE])
  await settle()
  await snaps.add(taken('路灯坏了'))
  await settle(4000)
  expect([snaps.all.value, snaps.arrived.value]).toEqual([[], 1])
})

it('says why it was refused, lets the next one go, and tells the hub what was given up', async () => {
  const { snaps, sent } = phone([null, REFUSED])
  await settle()
  await snaps.add(taken('一'))
  await snaps.add(taken('二二'))
  await settle()
  expect(snaps.all.value.map(({ state, why }) => [state, why])).toEqual([['failed', '请写几个字']])
  await snaps.drop(snaps.all.value[0]?.id ?? '')
  expect([snaps.all.value, sent().at(-1)]).toEqual([[], 'DropSnapshot'])
})

it('stops what is given up under way, and the next one goes', async () => {
  const { snaps, sent, store } = phone()
  await settle()
  await snaps.add(taken('一', [PICTURE]))
  await snaps.add(taken('二二'))
  await settle()
  await snaps.drop(snaps.all.value[0]?.id ?? '')
  await settle()
  expect(sent().sort()).toEqual([
    'AnnounceSnapshot',
    'AnnounceSnapshot',
    'DropSnapshot',
    'SendSnapshot',
  ])
  expect(await store.all('person:1')).toEqual([])
})

it('takes nine pictures, films or clips of at most 100 MB, and makes pictures fit', () => {
  const file = (size: number, type = 'image/jpeg') => ({ size, type })
  expect(faultOf(file(1), 8)).toBe(null)
  expect(faultOf(file(1), 9)).toBe('many')
  expect(faultOf(file(0), 0)).toBe('empty')
  expect(faultOf(file(1, 'application/x-msdownload'), 0)).toBe('kind')
  expect(faultOf(file(101 * 2 ** 20, 'video/mp4'), 0)).toBe('large')
  expect([fitted(4000, 3000), fitted(800, 600)]).toEqual([
    [1920, 1440],
    [800, 600],
  ])
})
