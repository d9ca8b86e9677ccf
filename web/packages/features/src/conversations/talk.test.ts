import { expect, it } from 'vitest'
import { conversationOf } from './samples'
import { badgeOf, byRecency, unreadOf } from './talk'

it('counts no messages of what is muted, but being mentioned there', () => {
  const rows = [
    conversationOf({ id: 'a', unread: 3 }),
    conversationOf({ id: 'b', unread: 40, muted: true }),
    conversationOf({ id: 'c', unread: 9, mentions: 1, muted: true }),
  ]
  expect(rows.map(badgeOf)).toEqual([3, 0, 1])
  expect(unreadOf(rows)).toEqual({ count: 4, mentioned: true })
})

it('puts on top where something was said last', () => {
  const rows = [
    conversationOf({ id: 'a', changed_at: '2026-11-21T02:00:00Z' }),
    conversationOf({ id: 'b', changed_at: '2026-11-21T03:00:00Z' }),
  ]
  expect(byRecency(rows).map((row) => row.id)).toEqual(['b', 'a'])
})
