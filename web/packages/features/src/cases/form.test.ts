import { expect, it } from 'vitest'
import { blankOf, faultsOf, placeOf, sentOf, taken } from './form'
import { fieldsOf } from './schema'

const fields = fieldsOf({
  properties: {
    title: { title: '标题|Title', type: 'string', minLength: 2, maxLength: 5 },
    note: { type: 'string', maxLength: 3, default: '' },
    day: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }], default: null },
    days: { type: 'integer', minimum: 1, maximum: 90, default: 30 },
    open: { type: 'boolean', default: false },
    units: { pick: 'unit', type: 'array', items: { type: 'string' }, maxItems: 2, default: [] },
    parts: {
      type: 'array',
      items: {
        type: 'object',
        properties: { unit: { pick: 'unit', type: 'string' } },
        required: ['unit'],
      },
      default: [],
    },
  },
  required: ['title'],
})

it('starts with what the hub would take, and empty otherwise', () => {
  expect(blankOf(fields)).toEqual({
    title: '',
    note: '',
    day: '',
    days: 30,
    open: false,
    units: [],
    parts: [],
  })
})

it('says what is lacking or beyond a limit, where it is', () => {
  const values = {
    ...blankOf(fields),
    note: '四个字啊',
    days: 91,
    units: ['a', 'b', 'c'],
    parts: [{ unit: '' }],
  }

  expect(faultsOf(fields, values)).toEqual({
    title: { why: 'needed', n: 0 },
    note: { why: 'long', n: 3 },
    days: { why: 'most', n: 90 },
    units: { why: 'many', n: 2 },
    'parts.0.unit': { why: 'needed', n: 0 },
  })
})

it('counts letters as a person does, and not the blanks around', () => {
  const title = (text: string) => faultsOf(fields, { ...blankOf(fields), title: text })

  expect(title('修桥🌉补路')).toEqual({})
  expect(title(' 修 ')).toEqual({ title: { why: 'short', n: 2 } })
  expect(title('   ')).toEqual({ title: { why: 'needed', n: 0 } })
})

it('sends numbers as numbers and leaves out what was left empty', () => {
  const values = {
    ...blankOf(fields),
    title: ' 修桥 ',
    days: '45',
    parts: [{ unit: 'department:5' }],
  }

  expect(sentOf(fields, values)).toEqual({
    title: '修桥',
    days: 45,
    open: false,
    units: [],
    parts: [{ unit: 'department:5' }],
  })
})

it('does not ask for what stands inside a group that may be left out', () => {
  const optional = fieldsOf({
    properties: {
      place: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    },
  })

  expect(faultsOf(optional, blankOf(optional))).toEqual({})
  expect(sentOf(optional, blankOf(optional))).toEqual({})
})

it('takes up what was begun, and drops what no longer fits the form', () => {
  const before = { title: '修桥', units: 'department:5', gone: 1 }

  expect(taken(fields, before)).toMatchObject({ title: '修桥', units: [] })
  expect(taken(fields, before)).not.toHaveProperty('gone')
})

it('finds the field that the hub complains about', () => {
  expect(placeOf('form.title', fields)).toBe('title')
  expect(placeOf('form.parts[0].unit', fields)).toBe('parts.0.unit')
  expect(placeOf('form.units[...]', fields)).toBe('units.0')
  expect(placeOf('title', fields)).toBe('title')
  expect(placeOf('case', fields)).toBe('')
})
