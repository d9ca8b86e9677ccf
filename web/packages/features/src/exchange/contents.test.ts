import { expect, it } from 'vitest'
import { partsOf, readPath, shownOf } from './contents'

const body = JSON.stringify({
  kind: 'proposal',
  rows: [{ title: '关于加装电梯的建议', units: ['住建局', '财政局'], contact: { name: '王工' } }],
})

it('shows each value under the path by which the province names it, its objection beside it', () => {
  const parts = partsOf(body, [
    { field: 'rows.0.title', why: '超过 30 字' },
    { field: 'rows.0.contact', why: '缺少电话' },
  ])

  expect(parts).toEqual([
    { path: '', cells: [{ path: 'kind', name: 'kind', value: 'proposal', why: '' }] },
    {
      path: 'rows.0',
      cells: [
        {
          path: 'rows.0.title',
          name: 'title',
          value: '关于加装电梯的建议',
          why: '超过 30 字',
        },
        { path: 'rows.0.units.0', name: 'units.0', value: '住建局', why: '' },
        { path: 'rows.0.units.1', name: 'units.1', value: '财政局', why: '' },
        { path: 'rows.0.contact.name', name: 'contact.name', value: '王工', why: '缺少电话' },
      ],
    },
  ])
})

it('gives a field that is missing a line of its own', () => {
  const [, row] = partsOf(body, [
    { field: 'rows.0.topic', why: '必填' },
    { field: 'rows.0.topic', why: '不在代码表内' },
  ])

  expect(row?.cells.at(-1)).toEqual({
    path: 'rows.0.topic',
    name: 'topic',
    value: '',
    why: '必填；不在代码表内',
  })
})

it('shows of a long package the rows with objections first, and says how many are left', () => {
  const many = JSON.stringify({ rows: Array.from({ length: 50 }, (_, n) => ({ n })) })
  const { parts, left } = shownOf(partsOf(many, [{ field: 'rows.40.n', why: '重复' }]), 3)

  expect(parts.map(({ path }) => path)).toEqual(['rows.0', 'rows.1', 'rows.40'])
  expect(left).toBe(47)
})

it('reads a path in words, counting from one', () => {
  const words: Record<string, string> = { replies: '答复', on: '日期' }

  expect(readPath('replies.0.on', (part) => words[part] ?? part)).toBe('答复 1 日期')
})

it('shows nothing of a body that is no JSON', () => {
  expect(partsOf('<xml/>', [])).toEqual([])
})
