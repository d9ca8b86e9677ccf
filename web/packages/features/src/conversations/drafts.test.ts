import { beforeEach, expect, it } from 'vitest'
import { createDrafts } from './drafts'

beforeEach(() => localStorage.clear())
const draftsOf = (owner: string) => {
  const drafts = createDrafts()
  drafts.openFor(owner)
  return drafts
}

it('keeps what was begun, for each conversation and each person', () => {
  const drafts = draftsOf('person:1')
  drafts.keep('a', '写了一半')
  drafts.keep('b', '另一句')
  drafts.keep('b', '')

  expect([draftsOf('person:1').of('a'), draftsOf('person:1').of('b')]).toEqual(['写了一半', ''])
  expect(draftsOf('person:2').of('a')).toBe('')
})
