import { expect, it } from 'vitest'
import { uuid7 } from './uuid7'

it('makes ids of version 7 that sort by time', () => {
  const earlier = uuid7(1_700_000_000_000)
  const later = uuid7(1_700_000_000_001)
  expect(earlier).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(earlier < later).toBe(true)
})
