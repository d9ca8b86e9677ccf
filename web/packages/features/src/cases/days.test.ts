import { expect, it } from 'vitest'
import { daysOf } from './days'

it('reads a day a line, as people type or paste them', () => {
  expect(daysOf('2027-02-15 休 春节\n\n2027-02-20，班，春节调休\n2027-05-01\t休')).toEqual({
    days: [
      { day: '2027-02-15', works: false, name: '春节' },
      { day: '2027-02-20', works: true, name: '春节调休' },
      { day: '2027-05-01', works: false, name: '' },
    ],
  })
})

it('names the line that cannot be read, and knows days that there are not', () => {
  expect(daysOf('2027-02-15 休 春节\n二月十六 休')).toEqual({ bad: 2, text: '二月十六 休' })
  expect(daysOf('2027-02-30 休')).toEqual({ bad: 1, text: '2027-02-30 休' })
})
