import { expect, test } from 'vitest'
import { articleLabel } from './articles'

test.each([
  ['第1条', '第一条'],
  ['第10条', '第十条'],
  ['第12条之1', '第十二条之一'],
  ['第20条', '第二十条'],
  ['第103条', '第一百零三条'],
  ['第110条', '第一百一十条'],
  ['第1000条', '第一千条'],
  ['整部草案', '整部草案'],
])('an article is called as the law calls it: %s', (name, label) => {
  expect(articleLabel(name)).toBe(label)
})
