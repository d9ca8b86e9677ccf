import { expect, test } from 'vitest'
import { phoneOf } from './opinions'

test.each([
  ['', ''],
  ['138 0013 8000', '13800138000'],
  ['（0571）8705-0001', '057187050001'],
  ['+86 138-0013-8000', '+8613800138000'],
  ['不方便留', null],
  ['1234', null],
])('a telephone number is taken as people write it: %s', (typed, kept) => {
  expect(phoneOf(typed)).toBe(kept)
})
