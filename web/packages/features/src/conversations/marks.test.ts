import { HubProblem, observable, type LinkState } from '@hub/client'
import type { Mark } from '@hub/contract'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMarks } from './marks'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const lineTo = (state: LinkState, fails = 0) => {
  const link = observable<LinkState>(state)
  const told: Mark[][] = []
  const ask = (_type: string, { marks }: { marks: Mark[] }): Promise<unknown> => {
    told.push(marks)
    return fails-- > 0
      ? Promise.reject(new HubProblem({ code: 'offline' }))
      : Promise.resolve({ taken: marks.length })
  }
  return { link, told, marks: createMarks({ link, ask } as never) }
}
const reads = (told: Mark[][]): unknown[] => told.map((all) => all.map((one) => one.read))

it('tells together what was read in a moment, each conversation once', async () => {
  const { told, marks } = lineTo('online')
  marks.read('a', 's', 3)
  marks.read('a', 's', 5)
  marks.delivered('b', 's', 9)
  await vi.advanceTimersByTimeAsync(300)
  expect(told).toEqual([
    [
      { conversation: 'a', seat: 's', delivered: 5, read: 5 },
      { conversation: 'b', seat: 's', delivered: 9, read: 0 },
    ],
  ])
})

it('tells nothing twice, and no mark falls', async () => {
  const { told, marks } = lineTo('online')
  marks.read('a', 's', 5)
  await vi.advanceTimersByTimeAsync(300)
  marks.read('a', 's', 5)
  marks.delivered('a', 's', 4)
  await vi.advanceTimersByTimeAsync(300)
  expect(reads(told)).toEqual([[5]])
})

it('keeps what was read without a line, and tells it when the line is back', async () => {
  const { link, told, marks } = lineTo('offline')
  marks.read('a', 's', 5)
  await vi.advanceTimersByTimeAsync(300)
  expect(told).toEqual([])
  link.set('online')
  await vi.advanceTimersByTimeAsync(300)
  expect(reads(told)).toEqual([[5]])
})

it('tells again what the hub did not hear', async () => {
  const { told, marks } = lineTo('online', 1)
  marks.read('a', 's', 5)
  await vi.advanceTimersByTimeAsync(1000)
  expect(reads(told)).toEqual([[5], [5]])
})
