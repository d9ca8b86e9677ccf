import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ask } from './asks'
import type { Link } from './link'

const lineTo = (answers: unknown[]) => {
  const heard: { id: string }[] = []
  const socket = {
    connected: true,
    timeout: () => ({
      emitWithAck: (_event: string, message: { id: string }) => {
        heard.push(message)
        const next = answers.shift()
        return next === 'silence' ? Promise.reject(new Error('timeout')) : Promise.resolve(next)
      },
    }),
  }
  return { heard, link: { socket } as unknown as Link }
}
const away = { ok: false, problem: { status: 503, code: 'try-again', detail: '稍后再试' } }
const done = { ok: true, result: 42 }

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('asks again with the same id until there is an answer', async () => {
  const { link, heard } = lineTo([away, 'silence', done])
  const answer = ask<number>(link, () => 'zh', 'SendBroadcast', { title: '会议' })
  await vi.advanceTimersByTimeAsync(5000)
  expect(await answer).toBe(42)
  expect([heard.length, new Set(heard.map(({ id }) => id)).size]).toEqual([3, 1])
})

it('keeps the id that the asker brings', async () => {
  const { link, heard } = lineTo([done])
  await ask(link, () => 'zh', 'SendBroadcast', { id: 'mine' })
  expect(heard[0]?.id).toBe('mine')
})

it('does not repeat what was refused, and passes the sentence on', async () => {
  const { link, heard } = lineTo([
    { ok: false, problem: { status: 422, code: 'nobody', detail: '没有人' } },
  ])
  await expect(ask(link, () => 'zh', 'SendBroadcast', {})).rejects.toMatchObject({
    code: 'nobody',
    message: '没有人',
  })
  expect(heard.length).toBe(1)
})

it('gives up when patience has ended, in words', async () => {
  const { link } = lineTo(Array<unknown>(20).fill('silence'))
  const answer = ask(link, () => 'en', 'SendBroadcast', {}, { patience: 3000 }).catch(
    (why: Error) => why.message,
  )
  await vi.advanceTimersByTimeAsync(5000)
  expect(await answer).toContain('press again')
})
