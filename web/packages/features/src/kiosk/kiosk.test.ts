import { beforeEach, describe, expect, it } from 'vitest'
import { NOON, noticeOf } from '../notices/samples'
import { mineOf, standingOf, type Listed } from '../notices/standing'
import { dayAt } from './day'
import { isKey, keptKey, playsSound, takeSettings } from './key'
import { partingOf, queueOf } from './turn'

const listed = (fields: Parameters<typeof noticeOf>[0]): Listed => {
  const row = noticeOf(fields)
  const mine = mineOf(row, undefined)
  return { row, mine, standing: standingOf(row, mine, NOON) }
}

describe('the key of a screen', () => {
  beforeEach(() => localStorage.clear())

  it('is taken from the address once and leaves it', () => {
    const place = { hash: '#key=dk_abcdef12&sound=off', pathname: '/station/', search: '' }
    const gone: unknown[] = []
    const history = { replaceState: (...args: unknown[]) => gone.push(args[2]) }
    takeSettings(place as Location, history as unknown as History, localStorage)
    expect([keptKey(localStorage), playsSound(localStorage), gone]).toEqual([
      'dk_abcdef12',
      false,
      ['/station/'],
    ])
  })

  it('is not just any word', () => {
    expect(['dk', '', '密钥', ' dk_abcdef12 '].map(isKey)).toEqual([false, false, false, true])
  })
})

describe('the turn of notices', () => {
  it('is emergency first, and only of what waits', () => {
    const queue = queueOf([
      listed({ id: 'old', sent_at: '2026-11-21T01:00:00Z' }),
      listed({ id: 'done', outcome: 'confirmed' }),
      listed({ id: 'now', priority: 'emergency', sent_at: '2026-11-21T03:00:00Z' }),
    ])
    expect(queue.map((one) => one.row.id)).toEqual(['now', 'old'])
  })

  it('ends with a word when the notice was withdrawn or has expired, not when it was answered', () => {
    const before = listed({})
    expect(partingOf(before, undefined)).toBe('cancelled')
    expect(partingOf(before, listed({ cancelled: true }))).toBe('cancelled')
    expect(partingOf(before, listed({ expires_at: '2026-11-21T03:00:00Z' }))).toBe('expired')
    expect(partingOf(before, listed({ outcome: 'confirmed' }))).toBe(null)
  })
})

it('shows the day of Shanghai', () => {
  expect(dayAt(Date.parse('2026-11-21T16:05:09Z'), 'zh-CN')).toEqual({
    minute: '00:05',
    second: '09',
    date: '2026年11月22日 星期日',
    moon: '农历十月十四',
  })
  expect(dayAt(NOON, 'en').date).toBe('Saturday 21 November 2026')
})
