import type { NoticeRow } from '@hub/contract'
import { describe, expect, it } from 'vitest'
import {
  byNeed,
  byTurn,
  firstOption,
  labelOf,
  mineOf,
  optionsOf,
  standingOf,
  takesAnswers,
  type Listed,
} from './standing'
import { NOON, noticeOf } from './samples'

const listed = (row: NoticeRow): Listed => {
  const mine = mineOf(row, undefined)
  return { row, mine, standing: standingOf(row, mine, NOON) }
}
const titles = (rows: NoticeRow[], order: (a: Listed, b: Listed) => number): string[] =>
  rows
    .map(listed)
    .sort(order)
    .map((one) => one.row.title)

describe('a notice', () => {
  it('waits for an answer until it ends', () => {
    const row = noticeOf({ expires_at: '2026-11-21T04:00:00Z' })
    expect(standingOf(row, null, NOON - 1)).toBe('open')
    expect(standingOf(row, null, NOON)).toBe('expired')
  })

  it('stays answered when it has ended', () => {
    const row = noticeOf({
      outcome: 'confirmed',
      reply: 'attend',
      expires_at: '2026-11-20T00:00:00Z',
    })
    expect(listed(row).standing).toBe('answered')
    expect(takesAnswers(row, NOON)).toBe(false)
  })

  it('that was withdrawn asks for nothing, whatever was answered', () => {
    expect(listed(noticeOf({ cancelled: true, outcome: 'confirmed' })).standing).toBe('cancelled')
  })

  it('that asks for nothing still takes a 收到', () => {
    expect(optionsOf(noticeOf({ options: [] }), '收到')).toEqual([
      { code: 'received', label: '收到' },
    ])
  })

  it('has the answer of most people on the big button', () => {
    const leave = { code: 'leave', label: '请假', needs_reason: true }
    const attend = { code: 'attend', label: '参加' }
    expect(firstOption([leave, attend])).toBe(attend)
    expect(firstOption([leave])).toBe(leave)
  })

  it('shows my answer in the words of its option', () => {
    const row = noticeOf({ options: [{ code: 'attend', label: '参加' }] })
    expect(labelOf(row, { reply: 'attend', reason: '', state: 'taken' }, '收到')).toBe('参加')
    expect(labelOf(row, { reply: '', reason: '', state: 'taken' }, '收到')).toBe('收到')
  })
})

describe('the order', () => {
  const rows = [
    noticeOf({ title: 'answered', outcome: 'confirmed' }),
    noticeOf({ title: 'ordinary, new', sent_at: '2026-11-21T03:00:00Z' }),
    noticeOf({ title: 'ordinary, old', sent_at: '2026-11-21T01:00:00Z' }),
    noticeOf({ title: 'emergency', priority: 'emergency', sent_at: '2026-11-21T02:00:00Z' }),
  ]

  it('on a phone puts what needs an answer first, the urgent on top, the newest next', () => {
    expect(titles(rows, byNeed)).toEqual([
      'emergency',
      'ordinary, new',
      'ordinary, old',
      'answered',
    ])
  })

  it('on a loudspeaker puts emergencies first and then keeps the order of sending', () => {
    expect(titles(rows.slice(1), byTurn)).toEqual(['emergency', 'ordinary, old', 'ordinary, new'])
  })
})
