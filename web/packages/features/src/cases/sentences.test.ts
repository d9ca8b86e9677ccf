import { expect, it } from 'vitest'
import en from './en'
import zh from './zh-CN'

const sentences = (tree: object): string[] =>
  Object.values(tree).flatMap((one) => (typeof one === 'string' ? [one] : sentences(one as object)))
const shape = (tree: object): unknown =>
  Object.fromEntries(
    Object.entries(tree).map(([name, one]) => [
      name,
      typeof one === 'string' ? (one.match(/\{\w+\}/g) ?? []).sort() : shape(one as object),
    ]),
  )

it('says everything in both languages, with the same values in it', () => {
  expect(shape(en)).toEqual(shape(zh))
})

it('has no sentence that a page breaks over: vue-i18n reads a bare @ as a link, | as a plural', () => {
  expect([...sentences(zh), ...sentences(en)].filter((text) => /[@|]/.test(text))).toEqual([])
})
