import { expect, it } from 'vitest'
import { faultOf, largestOf, lettersLeft } from './limits'

it('counts letters as people do, and only near the limit', () => {
  expect([lettersLeft(''), lettersLeft('字'.repeat(3900))]).toEqual([null, 100])
  expect([lettersLeft('😀'.repeat(4000)), lettersLeft('字'.repeat(4001))]).toEqual([0, -1])
})

it('knows before the upload what the hub would not take', () => {
  const MB = 1024 * 1024
  expect([
    faultOf({ size: 0 }, 'message'),
    faultOf({ size: 2048 * MB }, 'message'),
    faultOf({ size: 2048 * MB + 1 }, 'message'),
    faultOf({ size: 51 * MB }, 'voice'),
  ]).toEqual(['empty', null, 'large', 'large'])
  expect([largestOf('message'), largestOf('voice')]).toEqual(['2 GB', '50 MB'])
})
