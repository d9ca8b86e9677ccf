import { expect, it } from 'vitest'
import { broken } from './sheet'

const ten = (part: string): number => part.length * 10

it('breaks a long line where the sheet ends, at any sign', () => {
  expect(broken('每周二上午九点至十一点半', 60, ten)).toEqual(['每周二上午九', '点至十一点半'])
})

it('begins no line with a blank, and leaves a short one whole', () => {
  expect(broken('周二 上午', 20, ten)).toEqual(['周二', '上午'])
  expect(broken('', 20, ten)).toEqual([''])
})
