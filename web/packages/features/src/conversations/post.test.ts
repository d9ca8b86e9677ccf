import { HubProblem, observable, type LinkState } from '@hub/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createPost, type Letter } from './post'

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
})
afterEach(() => vi.useRealTimers())

const OFFLINE = new HubProblem({ code: 'offline' })
const MUTED = new HubProblem({ code: 'group-muted', status: 403, detail: '群主已开启全员禁言' })
const letter = (text: string): Letter => ({
  conversation: 'c1',
  seat: 's',
  text,
  files: [],
  reply: null,
  mentions: [],
  everyone: false,
  notice: false,
})

const postTo = (answers: (HubProblem | null)[] = []) => {
  const link = observable<LinkState>('online')
  const asked: { id: string; text: string }[] = []
  const ask = async (_type: string, wish: { id: string; text: string }): Promise<unknown> => {
    asked.push(wish)
    const problem = answers.shift()
    if (problem) throw problem
    return {}
  }
  const post = createPost({ link, ask, clock: { now: () => 0, offset: 0 } } as never)
  post.openFor('person:1')
  const states = (): string[] => post.all.value.map((one) => one.state)
  return { link, asked, post, states }
}

it('sends in the order in which it was written', async () => {
  const { asked, post, states } = postTo()
  post.send(letter('一'))
  post.send(letter('二'))
  expect(states()).toEqual(['sending', 'sending'])
  await vi.advanceTimersByTimeAsync(0)
  expect([asked.map((one) => one.text), states()]).toEqual([
    ['一', '二'],
    ['taken', 'taken'],
  ])
})

it('waits for the line and goes by itself, with the same id', async () => {
  const { link, asked, post, states } = postTo([OFFLINE])
  link.set('offline')
  post.send(letter('一'))
  post.send(letter('二'))
  await vi.advanceTimersByTimeAsync(0)
  expect([states(), asked.length]).toEqual([['waiting', 'sending'], 1])
  link.set('online')
  await vi.advanceTimersByTimeAsync(0)
  expect(asked.map((one) => one.text)).toEqual(['一', '一', '二'])
  expect(asked[0]?.id).toBe(asked[1]?.id)
})

it('says why it was refused, lets the next one pass, and tries again when told to', async () => {
  const { asked, post, states } = postTo([MUTED])
  const { id } = post.send(letter('一'))
  post.send(letter('二'))
  await vi.advanceTimersByTimeAsync(0)
  expect([states(), post.all.value[0]?.why]).toEqual([['failed', 'taken'], '群主已开启全员禁言'])
  post.retry(id)
  await vi.advanceTimersByTimeAsync(0)
  expect([asked.at(-1)?.id, states()]).toEqual([id, ['taken', 'taken']])
})

it('goes on after a reload', async () => {
  const { link, post } = postTo([OFFLINE])
  link.set('offline')
  const { id } = post.send(letter('一'))
  await vi.advanceTimersByTimeAsync(0)

  const { asked } = postTo()
  await vi.advanceTimersByTimeAsync(0)
  expect(asked.map((one) => one.id)).toEqual([id])
})

it('belongs to one person', async () => {
  const { link, post } = postTo([OFFLINE])
  link.set('offline')
  post.send(letter('一'))
  await vi.advanceTimersByTimeAsync(0)
  post.openFor('person:2')
  expect(post.all.value).toEqual([])
})
