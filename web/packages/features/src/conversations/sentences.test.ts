import { expect, it } from 'vitest'
import en from './en'
import zh from './zh-CN'

const sentences = (tree: object): string[] =>
  Object.values(tree).flatMap((one) => (typeof one === 'string' ? [one] : sentences(one as object)))

it('has no sentence that a page breaks over: vue-i18n reads a bare @ as a link, | as a plural', () => {
  const bare = [...sentences(zh), ...sentences(en)].filter((text) =>
    /[@|]/.test(text.replaceAll("{'@'}", '')),
  )
  expect(bare).toEqual([])
})
