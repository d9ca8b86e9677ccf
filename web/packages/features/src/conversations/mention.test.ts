import { expect, it } from 'vitest'
import { cutAtNames, matching, namedIn, withName, wordAt } from './mention'

const PEOPLE = [
  { id: 'person:1', name: '张三' },
  { id: 'person:2', name: '张三丰' },
  { id: 'station:17', name: '第十七站' },
]

it('sees an @ that is being written, and no mail address', () => {
  expect([wordAt('请@张', 3), wordAt('@', 1), wordAt('a@b', 3), wordAt('@张三 在', 5)]).toEqual([
    '张',
    '',
    null,
    null,
  ])
})

it('puts the name where the @ was, and the caret behind it', () => {
  expect(withName('请@张看看', 3, '张三')).toEqual({ text: '请@张三 看看', caret: 5 })
})

it('mentions only who is still named', () => {
  expect(namedIn('请@第十七站 看', PEOPLE)).toEqual(['station:17'])
  expect(matching(PEOPLE, '三').map((one) => one.name)).toEqual(['张三', '张三丰'])
})

it('shows the longer of two names', () => {
  expect(cutAtNames('@张三丰 来', ['张三', '张三丰'])).toEqual([
    { text: '@张三丰', name: true },
    { text: ' 来', name: false },
  ])
})
