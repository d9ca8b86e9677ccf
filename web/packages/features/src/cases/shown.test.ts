import { expect, it } from 'vitest'
import { fieldsOf } from './schema'
import type { LifeRow } from './shapes'
import { linesOf, linesOfFilled, type Reading } from './shown'

const life = {
  words: { reason: { private: ['个人事务', 'Private matter'], road: ['交通', 'Roads'] } },
} as unknown as LifeRow
const rules = { classes: [{ code: 'A', zh: '已解决', en: 'Solved' }], reasons: ['road'] }
const NAMES: Record<string, string> = { 'department:5': '市交通局', 'department:6': '市财政局' }
const reading: Reading = {
  life,
  rules,
  nameOf: (ref) => NAMES[ref] ?? ref,
  said: ([zh]) => zh,
  yes: '是',
  no: '否',
}
const fields = fieldsOf({
  properties: {
    reason: { title: '理由|Reason', pick: 'word:reason', type: 'string' },
    class: { title: '类别|Class', pick: 'rule:classes', type: 'string' },
    topic: { title: '领域|Topic', pick: 'rule:reasons', type: 'string' },
    units: { title: '会办|With', pick: 'unit', type: 'array', items: { type: 'string' } },
    open: { title: '公开|Open', type: 'boolean' },
    files: { title: '附件|Files', pick: 'file', type: 'array', items: { type: 'string' } },
    parts: {
      title: '承诺|Promises',
      type: 'array',
      items: { type: 'object', properties: { what: { title: '事项|What', type: 'string' } } },
    },
  },
})

it('reads codes, refs and yes or no as words, and leaves out what was left empty', () => {
  const values = {
    reason: 'private',
    class: 'A',
    topic: 'road',
    open: true,
    parts: [],
    units: ['department:5', 'department:6'],
  }

  expect(linesOf(fields, values, reading).map(({ label, text }) => [label[0], text])).toEqual([
    ['理由', '个人事务'],
    ['类别', 'A 类 已解决'],
    ['领域', '交通'],
    ['会办', '市交通局、市财政局'],
    ['公开', '是'],
  ])
})

it('gives files as files, and each part of a list a line of its own', () => {
  const [files, parts] = linesOf(
    fields,
    { files: ['f1'], parts: [{ what: '修桥' }, { what: '补路' }] },
    reading,
  )

  expect(files?.files).toEqual(['f1'])
  expect(parts?.text).toBe('事项 修桥\n事项 补路')
})

it('reads nothing and zero in words where the stream has some for it, and calls it without what the form hints', () => {
  const limited = fieldsOf({
    properties: {
      quota: {
        title: '名额|Places',
        hint: '0 为不限|0: no limit',
        blank: '不限|No limit',
        type: 'integer',
      },
      article: { title: '针对条款|Article', blank: '全文|The whole', type: 'string' },
    },
  })
  const read = (values: object) =>
    linesOf(limited, { ...values }, reading).map(({ label, text }) => `${label[0]} ${text}`)

  expect(read({ quota: 0, article: '' })).toEqual(['名额 不限', '针对条款 全文'])
  expect(read({ quota: 12, article: '第3条' })).toEqual(['名额 12', '针对条款 第3条'])
  expect(read({})).toEqual([])
})

it('reads longitude and latitude as one point, in a text and in what an event holds', () => {
  const placed = fieldsOf({
    properties: {
      place: { title: '地点|Place', type: 'string' },
      lon: { title: '经度|Longitude', type: 'number' },
      lat: { title: '纬度|Latitude', type: 'number' },
    },
  })
  const values = { place: '', lon: 120.1551, lat: 30.2741 }
  const filled = placed.map(({ name, label: [zh, en] }) => ({
    name,
    zh,
    en,
    value: values[name as keyof typeof values],
  }))
  const point = [['定位', '北纬30.27410° 东经120.15510°']]
  const read = (lines: ReturnType<typeof linesOf>) =>
    lines.map(({ label, text }) => [label[0], text])

  expect(read(linesOf(placed, values, reading))).toEqual(point)
  expect(read(linesOfFilled(filled, placed, reading))).toEqual(point)
  expect(read(linesOf(placed, { place: '市民广场', lon: null, lat: null }, reading))).toEqual([
    ['地点', '市民广场'],
  ])
})
