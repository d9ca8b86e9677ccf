import { expect, it } from 'vitest'
import { cutAt } from './found'

it('shows the words around what was looked for, and marks it', () => {
  expect(cutAt('今晚八点防汛会商', '防汛')).toEqual([
    { text: '今晚八点', hit: false },
    { text: '防汛', hit: true },
    { text: '会商', hit: false },
  ])
  expect(cutAt('一二三四五六七八九十ABC', 'abc', 3)[0]).toEqual({ text: '…八九十', hit: false })
  expect(cutAt('无关', '防汛')).toEqual([{ text: '无关', hit: false }])
})
