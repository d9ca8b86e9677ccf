import { describe, expect, it } from 'vitest'
import {
  bytes,
  clockTime,
  duration,
  instantOf,
  localOf,
  masked,
  minuteTime,
  percent,
  span,
} from './format'

describe('what an operator reads', () => {
  it('tells time as in Shanghai, wherever the browser stands', () => {
    expect(clockTime('2026-11-21T02:02:11Z')).toBe('10:02:11')
    expect(minuteTime('2026-11-21T16:30:00Z')).toBe('11-22 00:30')
    expect(clockTime(null)).toBe('')
  })

  it('takes the time an operator writes as Shanghai time', () => {
    expect(instantOf('2026-11-21 18:00')).toBe('2026-11-21T10:00:00.000Z')
    expect(localOf('2026-11-21T10:00:00Z')).toBe('2026-11-21 18:00')
  })

  it('never says all before all are there', () => {
    expect(percent(999, 1000)).toBe('99%')
    expect(percent(1000, 1000)).toBe('100%')
    expect(percent(0, 0)).toBe('0%')
  })

  it('shortens lengths and sizes', () => {
    expect([duration(65), duration(3725)]).toEqual(['1:05', '1:02:05'])
    expect([span(7300), span(42)]).toEqual([
      [2, 'hour'],
      [42, 'second'],
    ])
    expect([bytes(10), bytes(3 * 1024 * 1024)]).toEqual(['1 KB', '3.0 MB'])
  })

  it('covers the middle of a phone number', () => {
    expect(masked('+8613812342211')).toBe('+86138****2211')
    expect(masked('138****2211')).toBe('138****2211')
  })
})
