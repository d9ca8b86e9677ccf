import { describe, expect, it } from 'vitest'
import { audienceOf, changeWhom, namesAnybody, NOBODY } from './audience'

const some = changeWhom(NOBODY, { do: 'orgs', orgs: ['district:1'] })

describe('putting an audience together', () => {
  it('begins with nobody', () => {
    expect([namesAnybody(NOBODY), audienceOf(NOBODY)]).toEqual([false, {}])
  })

  it('names each one once', () => {
    const twice = [1, 2].reduce(
      (whom) => changeWhom(whom, { do: 'add', list: 'recipients', name: 'person:a' }),
      some,
    )
    expect(audienceOf(twice)).toEqual({ orgs: ['district:1'], recipients: ['person:a'] })
  })

  it('takes the later word where one is both named and excepted', () => {
    const excepted = changeWhom(some, { do: 'add', list: 'except_orgs', name: 'district:1' })
    expect(audienceOf(excepted)).toEqual({ except_orgs: ['district:1'] })
    expect(audienceOf(changeWhom(excepted, { do: 'orgs', orgs: ['district:1'] }))).toEqual({
      orgs: ['district:1'],
    })
  })

  it('is nobody while only exceptions are named', () => {
    expect(namesAnybody(changeWhom(NOBODY, { do: 'add', list: 'except_groups', name: 'g' }))).toBe(
      false,
    )
  })

  it('ticks and unticks', () => {
    const ticked = changeWhom(some, { do: 'toggle', list: 'tags', name: '妇女' })
    expect(changeWhom(ticked, { do: 'toggle', list: 'tags', name: '妇女' })).toEqual(some)
  })
})
