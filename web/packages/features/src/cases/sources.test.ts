import { expect, it } from 'vitest'
import { sourceOf } from './sources'

it('names the law where a table has its key', () => {
  expect(sourceOf('ZS 22、25；DL 51')).toBe(
    '《浙江省办理代表建议规定》第22、25条；《代表法》第51条',
  )
  expect(sourceOf('HN；（I）')).toBe('《河南省建议办理规定》；本级人大设定')
  expect(sourceOf('S3-J16')).toBe('S3-J16')
})
