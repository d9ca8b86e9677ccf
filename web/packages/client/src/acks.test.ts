import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAcks } from './acks'
import type { Link } from './link'

const lineTo = () => {
  const said: unknown[] = []
  const socket = { connected: true, emit: (...words: unknown[]) => said.push(words) }
  return { said, socket, acks: createAcks({ socket } as unknown as Link) }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('says once for all that was heard in a quarter of a second', () => {
  const { said, acks } = lineTo()
  for (const offset of ['e.1', 'e.2', 'e.3']) acks.heard(offset)
  expect(said).toEqual([])
  vi.advanceTimersByTime(250)
  expect(said).toEqual([['ack', 'e.3']])
})

it('does not wait when much is heard', () => {
  const { said, acks } = lineTo()
  for (let n = 1; n <= 130; n++) acks.heard(`e.${n}`)
  expect(said).toEqual([
    ['ack', 'e.64'],
    ['ack', 'e.128'],
  ])
})

it('says nothing of what has no offset, nor on a broken line', () => {
  const { said, socket, acks } = lineTo()
  acks.heard(null)
  socket.connected = false
  acks.heard('e.1')
  vi.advanceTimersByTime(1000)
  expect(said).toEqual([])
})
