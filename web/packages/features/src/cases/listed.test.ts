import { expect, it } from 'vitest'
import { factsOf, listedOf } from './listed'
import type { CaseRow, LifeRow } from './shapes'

const column = (name: string, zh = '') => ({ name, zh, en: zh })
const life = {
  columns: [
    column('title', '活动名称'),
    column('state'),
    column('starts', '开始时间'),
    column('quota', '名额'),
  ],
  steps: [
    {
      form: {
        properties: {
          title: { title: '活动名称|Title', type: 'string' },
          starts: { title: '开始时间|Starts', type: 'string', format: 'date-time' },
          quota: { title: '名额|Places', blank: '不限|No limit', type: 'integer' },
        },
      },
    },
    { form: { properties: { quota: { title: '新名额|New', type: 'integer' } } } },
  ],
  facts: {},
} as unknown as LifeRow
const reading = {
  life,
  nameOf: (ref: string) => ref,
  said: ([zh]: readonly [string, string]) => zh,
  yes: '是',
  no: '否',
}

it('shows what the life says, a fact as the first form draws it', () => {
  expect(listedOf(life).map(({ name, label, field }) => [name, label[0], field?.kind])).toEqual([
    ['title', '活动名称', undefined],
    ['state', '', undefined],
    ['starts', '开始时间', 'moment'],
    ['quota', '名额', 'number'],
  ])
})

it('says the facts of a row in words', () => {
  const row = { shown: { starts: '2026-11-28T01:00:00Z', quota: 0 } } as unknown as CaseRow

  expect(factsOf(row, listedOf(life), reading).map(({ text }) => text)).toEqual([
    '2026-11-28 09:00',
    '不限',
  ])
})
