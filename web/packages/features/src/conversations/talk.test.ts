import { observable, type Hub } from '@hub/client'
import type { Me } from '@hub/contract'
import { describe, expect, it } from 'vitest'
import { conversationOf, meOf } from './samples'
import { badgeOf, byRecency, createTalk, OWN, unreadOf } from './talk'

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

describe('the list of a seat', () => {
  it('is watched further down where there is more', () => {
    const asked: object[] = []
    let told: (rows: number) => void = () => undefined
    let stopped = 0
    const person = observable<Me | null>(null)
    const hub = {
      link: observable('online'),
      person,
      watch: (_view: string, params: object, take: (now: object) => void) => {
        asked.push(params)
        told = (rows) =>
          take({
            rows: new Map(
              Array.from({ length: rows }, (_, i) => [`c${i}`, conversationOf({ id: `c${i}` })]),
            ),
            ready: true,
            problem: null,
          })
        return { stop: () => (stopped += 1) }
      },
    } as unknown as Hub
    const talk = createTalk(hub)
    person.set(meOf())
    told(200)
    talk.more(OWN)
    talk.more(OWN)
    told(260)
    talk.more(OWN)
    expect(asked).toEqual([
      { seat: OWN, limit: 200 },
      { seat: OWN, limit: 400 },
    ])
    expect([talk.listOf(OWN).rows.size, stopped]).toEqual([260, 1])
  })
})
