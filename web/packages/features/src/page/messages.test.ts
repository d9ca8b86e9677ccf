import { expect, it } from 'vitest'
import { CONSOLE_MESSAGES } from './messages'

const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort()
const leaves = (tree: object, path = ''): [string, string[]][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}.${key}`, holes(value)]]
      : leaves(value as object, `${path}.${key}`),
  )

it('says every sentence in both languages, with the same values in it', () => {
  expect(leaves(CONSOLE_MESSAGES.en)).toEqual(leaves(CONSOLE_MESSAGES['zh-CN']))
})
