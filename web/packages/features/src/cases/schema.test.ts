import { expect, it } from 'vitest'
import { fieldsOf, type Schema } from './schema'

/** As `msgspec.json.schema` writes it. */
const WRITTEN: Schema = {
  $ref: '#/$defs/Assigning',
  $defs: {
    Assigning: {
      title: 'Assigning',
      type: 'object',
      properties: {
        title: { title: '标题|Title', type: 'string', minLength: 2, maxLength: 80 },
        advice: { title: '建议|Advice', type: 'string', maxLength: 3000 },
        day: {
          anyOf: [{ title: '日期|Day', type: 'string', format: 'date' }, { type: 'null' }],
          default: null,
        },
        lead: { title: '主办|Lead', pick: 'unit', type: 'string' },
        assisting: {
          title: '会办|Assisting',
          pick: 'unit',
          type: 'array',
          items: { type: 'string' },
          maxItems: 9,
          default: [],
        },
        parts: { title: '分办|Parts', type: 'array', items: { $ref: '#/$defs/Part' }, default: [] },
        kind: { title: '种类|Kind', $ref: '#/$defs/Kind', default: 'a' },
        open: { title: '公开|Open', type: 'boolean', default: false },
        days: { title: '天数|Days', type: 'integer', minimum: 1, maximum: 90, default: 1 },
      },
      required: ['title', 'lead'],
    },
    Part: {
      title: 'Part',
      type: 'object',
      properties: { unit: { title: '单位|Unit', pick: 'unit', type: 'string' } },
      required: ['unit'],
    },
    Kind: { title: 'Kind', enum: ['a', 'b'] },
  },
}

const fields = fieldsOf(WRITTEN)
const field = (name: string) => fields.find((each) => each.name === name)

it('draws the fields in the order of the form, each as what it is', () => {
  expect(fields.map(({ name, kind, many }) => [name, kind, many])).toEqual([
    ['title', 'text', false],
    ['advice', 'text', false],
    ['day', 'day', false],
    ['lead', 'pick', false],
    ['assisting', 'pick', true],
    ['parts', 'group', true],
    ['kind', 'choice', false],
    ['open', 'tick', false],
    ['days', 'number', false],
  ])
})

it('says a label in both languages, and a name where there is none', () => {
  expect(field('title')?.label).toEqual(['标题', 'Title'])
  expect(field('day')?.label).toEqual(['日期', 'Day'])
  expect(field('kind')?.label).toEqual(['种类', 'Kind'])
  expect(fieldsOf({ properties: { n: { type: 'integer' } } })[0]?.label).toEqual(['n', 'n'])
})

it('needs what is required, and gives long texts more lines', () => {
  expect(fields.filter(({ needed }) => needed).map(({ name }) => name)).toEqual(['title', 'lead'])
  expect([field('title')?.rows, field('advice')?.rows]).toEqual([1, 4])
})

it('knows the limits of letters, numbers and how many', () => {
  expect([field('title')?.least, field('title')?.most]).toEqual([2, 80])
  expect([field('days')?.least, field('days')?.most]).toEqual([1, 90])
  expect(field('assisting')?.most).toBe(9)
})

it('draws what a group holds, and the choices of a choice', () => {
  expect(field('parts')?.fields.map(({ name, pick }) => [name, pick])).toEqual([['unit', 'unit']])
  expect(field('kind')?.choices).toEqual(['a', 'b'])
})
