import { expect, it } from 'vitest'
import kioskEn from '../kiosk/en'
import kioskZh from '../kiosk/zh-CN'
import en from './en'
import zh from './zh-CN'

const shape = (words: object): unknown =>
  Object.fromEntries(
    Object.entries(words).map(([key, value]) => [
      key,
      typeof value === 'string' ? (value.match(/\{\w+\}/g) ?? []).sort() : shape(value as object),
    ]),
  )

it('says in English all that is said in Chinese, with the same names in it', () => {
  expect(shape(en)).toEqual(shape(zh))
  expect(shape(kioskEn)).toEqual(shape(kioskZh))
})
