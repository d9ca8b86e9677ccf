import { describe, expect, it } from 'vitest'
import { filled, segmentsOf, variablesOf } from './text'

describe('the text of a notice', () => {
  it('asks the sender only for what the hub cannot fill in', () => {
    expect(variablesOf('{name}代表:', '{place}、{hall},{place}')).toEqual(['place', 'hall'])
  })

  it('leaves a hole open until it is filled', () => {
    expect(filled('在{place}开会,{hall}', { place: '三楼', hall: '' })).toBe('在三楼开会,{hall}')
  })

  it('counts short messages as the carriers do', () => {
    expect([0, 1, 70, 71, 134, 135].map((n) => segmentsOf('会'.repeat(n)))).toEqual([
      0, 1, 1, 2, 2, 3,
    ])
    expect(segmentsOf('a'.repeat(160))).toBe(1)
  })
})
