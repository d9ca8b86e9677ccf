import { expect, it } from 'vitest'
import { heard, HOLD, SILENCE } from './speaker'

it('gives the wall to who speaks, and not to who coughs', () => {
  const first = heard(SILENCE, 'a', 0)
  expect(first.ref).toBe('a')
  const cough = heard(first, 'b', 100)
  expect([cough.ref, heard(cough, 'a', 200).ref]).toEqual(['a', 'a'])
  expect(heard(heard(cough, '', 150), 'b', HOLD + 99).ref).toBe('a')
  expect(heard(cough, 'b', 100 + HOLD).ref).toBe('b')
  expect(heard(first, '', 99_999).ref).toBe('a')
})
