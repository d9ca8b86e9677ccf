import { expect, it } from 'vitest'
import { ref } from 'vue'
import { textOf } from './column'
import { choicesOf, narrows, type Filter } from './filter'

it('knows whether somebody narrowed the list', () => {
  const text = ref('')
  const kinds = ref<string[]>([])
  const filters: Filter[] = [
    { kind: 'text', label: 'a', width: 1, value: text },
    { kind: 'many', label: 'b', width: 1, value: kinds, choices: () => [] },
  ]

  expect(narrows(filters)).toBe(false)
  kinds.value = ['deputy']
  expect(narrows(filters)).toBe(true)
})

it('does not take days that are always chosen for a narrowing', () => {
  const days = ref<[string, string] | null>(['2026-11-20', '2026-11-26'])

  expect(narrows([{ kind: 'days', label: 'a', width: 1, value: days, kept: true }])).toBe(false)
  expect(narrows([{ kind: 'days', label: 'a', width: 1, value: days }])).toBe(true)
})

it('names choices anew whenever it is asked, so that they follow the language', () => {
  let word = '在线'
  const choices = choicesOf(['online'], () => word)

  expect(choices()).toEqual([{ value: 'online', label: '在线' }])
  word = 'Online'
  expect(choices()).toEqual([{ value: 'online', label: 'Online' }])
})

it('shows the field a column is named after, or what the column makes of the row', () => {
  const row = { id: '1', name: '张三', post: null }

  expect(textOf({ name: 'name' }, row)).toBe('张三')
  expect(textOf({ name: 'post' }, row)).toBe('')
  expect(textOf({ name: 'any', text: ({ name }) => `${name}同志` }, row)).toBe('张三同志')
})
