import { expect, it } from 'vitest'
import { linesOf, readersOf } from './lines'
import type { Outgoing } from './post'
import { messageOf, messagesOf } from './samples'

const shown = { outgoing: [], seat: 'person:2', freshAfter: 0 }
const kinds = (lines: { kind: string }[]): string[] => lines.map((line) => line.kind)

it('puts the day above the first message of each day, as it is in Shanghai', () => {
  const rows = [
    messageOf({ number: 1, at: '2026-11-21T15:59:00Z' }),
    messageOf({ number: 2, at: '2026-11-21T16:01:00Z' }),
  ]
  expect(kinds(linesOf({ ...shown, rows }))).toEqual(['day', 'message', 'day', 'message'])
})

it('names who speaks once for what he says in one go', () => {
  const rows = [
    ...messagesOf(1, 2),
    messageOf({ number: 3, author: 'person:9', seat: 'person:9' }),
    messageOf({ number: 4, author: 'person:9', seat: 'person:9', at: '2026-11-21T02:06:00Z' }),
  ]
  const joined = linesOf({ ...shown, rows }).flatMap((line) =>
    line.kind === 'message' ? [line.joined] : [],
  )
  expect(joined).toEqual([false, true, false, false])
})

it('marks where the new ones begin', () => {
  const lines = linesOf({ ...shown, rows: messagesOf(1, 3), freshAfter: 2 })
  expect(kinds(lines)).toEqual(['day', 'message', 'message', 'fresh', 'message'])
})

it('shows what is being sent until it comes back from the hub, in the same place', () => {
  const outgoing = [{ id: 'm3' }, { id: 'm4' }] as Outgoing[]
  const lines = linesOf({ ...shown, rows: messagesOf(2, 3), outgoing })
  expect(lines.map((line) => line.key)).toEqual(['day-2', 'm2', 'm3', 'm4'])
})

it('counts who has read, without the author', () => {
  const members = [
    { id: 'person:1', read: 9 },
    { id: 'a', read: 5 },
    { id: 'b', read: 4 },
  ]
  const { read, unread } = readersOf(members, messageOf({ number: 5 }))
  expect([read.map((one) => one.id), unread.map((one) => one.id)]).toEqual([['a'], ['b']])
})
