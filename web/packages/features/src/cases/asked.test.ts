import { expect, it } from 'vitest'
import { askedOf } from './asked'
import { fieldsOf } from './schema'

const fields = fieldsOf({
  properties: {
    kind: { title: '类型|Kind', enum: ['suggestion', 'motion', 'inquiry'] },
    advice: { only: 'kind:suggestion,motion', title: '具体建议|Advice', type: 'string' },
    plan: { title: '方案|Plan', only: 'kind:motion', type: 'string' },
    klass: { title: '分类|Class', pick: 'rule:classes', type: 'string' },
    promise: { title: '承诺事项|Promise', only: 'klass:B', type: 'string' },
    opinion: { title: '意见|Opinion', hint: '不满意须填|needed when unsatisfied', type: 'string' },
    deputy: {
      title: '代为录入的代表|Deputy it is entered for',
      only: 'staff',
      pick: 'deputy',
      type: 'string',
    },
    unit: { title: '评价哪个单位|Unit', pick: 'unit', type: 'string', default: '' },
    seen: { title: '所读版次|Edition read', type: 'integer' },
  },
})
const names = (values: object, staff = false, units = 1): string[] =>
  askedOf(fields, { ...values }, { staff, units }).map(({ name }) => name)

it('does not ask a deputy what only a motion, a class or a desk needs', () => {
  expect(names({ kind: 'suggestion', klass: 'A' })).toEqual(['kind', 'advice', 'klass', 'opinion'])
})

it('asks it as soon as the choice is made, and a desk for whom it acts', () => {
  expect(names({ kind: 'motion', klass: 'B' }, true)).toEqual([
    'kind',
    'advice',
    'plan',
    'klass',
    'promise',
    'opinion',
    'deputy',
  ])
})

it('asks which unit is meant where there are several', () => {
  expect(names({}, false, 2)).toContain('unit')
  expect(names({}, false, 1)).not.toContain('unit')
})

it('asks what belongs to several choices with each of them, and with no other', () => {
  expect(names({ kind: 'motion' })).toContain('advice')
  expect(names({ kind: 'inquiry' })).not.toContain('advice')
})
