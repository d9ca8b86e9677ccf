import { HubProblem } from '@hub/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { createInbox } from './inbox'
import { createMemoryHub, NOON, noticeOf, settled } from './samples'

beforeEach(() => localStorage.clear())

describe('what is told to the hub', () => {
  it('is each state of a notice once, over reloads too', async () => {
    const there = createMemoryHub()
    const inbox = createInbox(there.hub)
    there.show(noticeOf())
    inbox.report(['d1'], 'displayed')
    inbox.report(['d1'], 'displayed')
    await settled()
    const again = createInbox(there.hub)
    there.show(noticeOf({ outcome: 'delivered' }))
    again.report(['d1'], 'displayed')
    await settled()
    expect(there.told()).toEqual(['d1 delivered', 'd1 displayed'])
  })

  it('names the road whose link was opened, for that notice alone', async () => {
    const there = createMemoryHub()
    createInbox(there.hub, { via: (delivery) => (delivery === 'd1' ? 'wechat' : undefined) })
    there.show(noticeOf(), noticeOf({ id: 'd2' }))
    await settled()
    expect(there.items()).toEqual([
      { delivery: 'd1', state: 'delivered', at: '2026-11-21T04:00:00.000Z', via: 'wechat' },
      { delivery: 'd2', state: 'delivered', at: '2026-11-21T04:00:00.000Z' },
    ])
  })
})

describe('an answer', () => {
  it('is taken, and shown until the row says the same', async () => {
    const there = createMemoryHub()
    const inbox = createInbox(there.hub)
    there.show(noticeOf())
    expect(await inbox.answer('d1', 'leave', '出差')).toBe('taken')
    expect(inbox.listed(NOON)[0]?.mine).toEqual({ reply: 'leave', reason: '出差', state: 'taken' })
    there.show(noticeOf({ outcome: 'confirmed', reply: 'leave', reason: '出差' }))
    expect(inbox.own.value.size).toBe(0)
  })

  it('given without a line is kept over a reload and sent when the line is back', async () => {
    const there = createMemoryHub()
    there.show(noticeOf())
    there.link.set('offline')
    const inbox = createInbox(there.hub)
    expect(await inbox.answer('d1', 'received', '')).toBe('kept')

    const reopened = createInbox(there.hub)
    expect(reopened.own.value.get('d1')?.state).toBe('kept')
    there.link.set('online')
    await settled()
    expect(there.told()).toEqual(['d1 confirmed'])
    expect(reopened.unsent.value).toBe(0)
  })

  it('that is refused comes back with the hub’s sentence, and the notice is open again', async () => {
    const there = createMemoryHub()
    const inbox = createInbox(there.hub)
    there.show(noticeOf())
    await settled()
    there.refuse({ status: 409, code: 'closed', message: '已关闭' })
    await expect(inbox.answer('d1', 'received', '')).rejects.toThrow('已关闭')
    expect(inbox.listed(NOON)[0]?.standing).toBe('open')
    expect(inbox.unsent.value).toBe(0)
  })

  it('waits where the hub is only busy', async () => {
    const there = createMemoryHub()
    const inbox = createInbox(there.hub)
    there.show(noticeOf())
    await settled()
    there.refuse(new HubProblem({ status: 429, code: 'too-many' }))
    expect(await inbox.answer('d1', 'received', '')).toBe('kept')
    expect(inbox.unsent.value).toBe(1)
  })
})

describe('a page without a line', () => {
  it('shows the rows of last time', () => {
    const there = createMemoryHub()
    createInbox(there.hub)
    there.show(noticeOf({ title: '昨天的通知' }))
    const reopened = createInbox(createMemoryHub().hub)
    expect(reopened.rows.value.map((row) => row.title)).toEqual(['昨天的通知'])
    expect(reopened.fresh.value).toBe(false)
  })

  it('shows nothing of somebody else', () => {
    const there = createMemoryHub()
    const inbox = createInbox(there.hub)
    there.show(noticeOf())
    inbox.forget()
    expect(createInbox(createMemoryHub().hub).rows.value).toEqual([])
  })
})
