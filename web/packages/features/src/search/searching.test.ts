import { expect, it } from 'vitest'
import { bounded } from './searching'

it('asks for sixty letters at most, counting as the hub does', () => {
  expect(bounded('桥'.repeat(70))).toBe('桥'.repeat(60))
  expect([...bounded('🌉'.repeat(61))]).toHaveLength(60)
})
