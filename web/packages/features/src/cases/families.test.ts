import { expect, it } from 'vitest'
import { familiesOf, inReach } from './families'
import type { LifeRow } from './shapes'

const life = (name: string, family = '') =>
  ({ name, family: [family, family] }) as unknown as LifeRow

it('puts streams of one family together where the first of them stands', () => {
  const lives = [life('proposals', '建议'), life('visits', '履职'), life('snapshots', '建议')]

  expect(
    familiesOf(lives).map(({ words, lives: of }) => [words[0], of.map(({ name }) => name)]),
  ).toEqual([
    ['建议', ['proposals', 'snapshots']],
    ['履职', ['visits']],
  ])
})

it('lets a stream without a family stand by itself', () => {
  expect(
    familiesOf([life('wishes'), life('dreams')]).map(({ words, lives }) => [
      words[0],
      lives.length,
    ]),
  ).toEqual([
    ['', 1],
    ['', 1],
  ])
})

it('keeps what a deputy comes for in reach, in its own order, and what is not there out of it', () => {
  const lives = [life('mandates'), life('duty_records'), life('proposals'), life('legislation')]

  expect(inReach(lives).map(({ name }) => name)).toEqual(['proposals', 'duty_records'])
})
