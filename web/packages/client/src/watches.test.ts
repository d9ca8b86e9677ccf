import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Link } from './link'
import { observable } from './observable'
import { createWatches, watch } from './watches'

interface Station {
  id: string
  online: boolean
}
type Listener = (payload?: unknown) => void

/** A line with a hub at its other end that answers what the test says. */
const lineTo = (answer: (event: string) => unknown) => {
  const listeners = new Map<string, Listener>()
  const left: unknown[] = []
  const socket = {
    connected: true,
    on: (event: string, listener: Listener) => listeners.set(event, listener),
    emit: (event: string, payload: unknown) => left.push([event, payload]),
    timeout: () => ({ emitWithAck: (event: string) => Promise.resolve(answer(event)) }),
  }
  const link = { socket, state: observable('online') } as unknown as Link
  return { link, left, hear: (event: string, payload?: unknown) => listeners.get(event)?.(payload) }
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)
const snapshot = (rows: Station[], more: object = {}) => ({
  ok: true,
  rows,
  total: rows.length,
  room: 'stations/city',
  position: 5,
  ...more,
})
const told = (changes: unknown[], position = 6) => ({
  room: 'stations/city',
  view: 'stations',
  position,
  changes,
})

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('a watched view', () => {
  it('is its snapshot and every change after it', async () => {
    const line = lineTo(() => snapshot([{ id: '1', online: true }]))
    const live = watch<Station>(createWatches(line.link), 'stations', {}, () => undefined)
    await settle()
    line.hear(
      'tell',
      told([
        ['1', { id: '1', online: false }],
        ['2', { id: '2', online: true }],
      ]),
    )
    expect([[...live.rows.values()], live.total]).toEqual([
      [
        { id: '1', online: false },
        { id: '2', online: true },
      ],
      2,
    ])
  })

  it('takes a change that overtook the snapshot', async () => {
    const line = lineTo(() => snapshot([{ id: '1', online: true }]))
    const live = watch<Station>(createWatches(line.link), 'stations', {}, () => undefined)
    line.hear('tell', told([['1', { id: '1', online: false }]]))
    await settle()
    expect([...live.rows.values()]).toEqual([{ id: '1', online: false }])
  })

  it('is not taken back by what was told before it was asked for, whatever a clock says', async () => {
    const [online, gone] = [
      { id: '1', online: true },
      { id: '1', online: false },
    ]
    const line = lineTo(() => snapshot([online]))
    const watches = createWatches(line.link)
    const before = watch<Station>(watches, 'stations', {}, () => undefined)
    await settle()
    line.hear('tell', told([['1', gone]], 9_000_000))
    before.stop()
    const live = watch<Station>(watches, 'stations', {}, () => undefined)
    await settle()
    expect([...live.rows.values()]).toEqual([online])
    line.hear('tell', told([['1', gone]], 1))
    expect([...live.rows.values()]).toEqual([gone])
  })

  it('says of when it is while the database is away, and is asked for until it is as it is', async () => {
    const away = { as_of: '2026-11-22T02:00:00Z', changes: [['2', { id: '2', online: true }]] }
    let answer = snapshot([{ id: '1', online: true }], away)
    const line = lineTo(() => answer)
    const watches = createWatches(line.link)
    const { asOf } = watches.freshness
    const live = watch<Station>(watches, 'stations', {}, () => undefined)
    await settle()
    expect([[...live.rows.keys()], asOf.value]).toEqual([['1', '2'], Date.parse(away.as_of)])

    answer = snapshot([{ id: '3', online: true }])
    await vi.advanceTimersByTimeAsync(10_000)
    expect([[...live.rows.keys()], asOf.value]).toEqual([['3'], null])
  })

  it('is fetched anew when the line is back, and when too much has changed', async () => {
    let rows: Station[] = [{ id: '1', online: true }]
    const line = lineTo(() => snapshot(rows))
    const live = watch<Station>(createWatches(line.link), 'stations', {}, () => undefined)
    await settle()
    rows = [{ id: '2', online: true }]
    line.hear('connect')
    await settle()
    expect([...live.rows.keys()]).toEqual(['2'])
    rows = [{ id: '3', online: true }]
    line.hear('tell', told([['*', null]]))
    await vi.advanceTimersByTimeAsync(1000)
    expect([...live.rows.keys()]).toEqual(['3'])
  })

  it('asks anew about a row that may be of another page', async () => {
    let answer = snapshot([{ id: '1', online: true }], { total: 3 })
    const line = lineTo(() => answer)
    const live = watch<Station>(createWatches(line.link), 'stations', {}, () => undefined, {
      paged: true,
      keep: ({ online }) => online,
    })
    await settle()
    const seen = (): unknown => [[...live.rows.keys()], live.total]
    line.hear('tell', told([['2', { id: '2', online: false }]]))
    await vi.advanceTimersByTimeAsync(1000)
    expect(seen()).toEqual([['1'], 3])
    answer = snapshot([{ id: '4', online: true }], { total: 4 })
    line.hear('tell', told([['4', { id: '4', online: true }]]))
    expect(seen()).toEqual([['1'], 3])
    await vi.advanceTimersByTimeAsync(1000)
    expect(seen()).toEqual([['4'], 4])
  })

  it('leaves its room only when nobody else on the page looks into it', async () => {
    const line = lineTo(() => snapshot([]))
    const watches = createWatches(line.link)
    const [one, other] = [1, 2].map(() => watch<Station>(watches, 'stations', {}, () => undefined))
    await settle()
    one?.stop()
    expect(line.left).toEqual([])
    other?.stop()
    expect(line.left).toEqual([['unwatch', { room: 'stations/city' }]])
  })

  it('leaves a room whose answer came after it was stopped', async () => {
    const line = lineTo(() => snapshot([]))
    watch<Station>(createWatches(line.link), 'stations', {}, () => undefined).stop()
    await settle()
    expect(line.left).toEqual([['unwatch', { room: 'stations/city' }]])
  })

  it('stays in the room of one that was stopped while another asks for the same', async () => {
    const line = lineTo(() => snapshot([]))
    const watches = createWatches(line.link)
    const one = watch<Station>(watches, 'stations', {}, () => undefined)
    await settle()
    const other = watch<Station>(watches, 'stations', {}, () => undefined)
    one.stop()
    await settle()
    expect([line.left, other.ready]).toEqual([[], true])
  })

  it('asks again when no answer comes', async () => {
    let tries = 0
    const line = lineTo(() =>
      (tries += 1) === 1 ? Promise.reject(new Error('timeout')) : snapshot([]),
    )
    const live = watch<Station>(createWatches(line.link), 'stations', {}, () => undefined)
    await vi.advanceTimersByTimeAsync(2000)
    expect([tries, live.ready]).toEqual([2, true])
  })

  it('says why it is refused', async () => {
    const line = lineTo(() => ({
      ok: false,
      problem: { status: 403, code: 'forbidden', detail: '没有权限' },
    }))
    const live = watch<Station>(createWatches(line.link), 'audit', {}, () => undefined)
    await settle()
    expect(live.problem?.message).toBe('没有权限')
  })
})
