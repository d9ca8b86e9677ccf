import { expect, it } from 'vitest'
import { courseOf } from './course'

it('tells in its order what was found out, answered and rated, and nothing of what was not', () => {
  const facts = {
    rating: 'satisfied',
    word: '',
    answer: '路灯已修好。',
    verification: '已致电。',
    note: '',
  }

  expect(courseOf(facts)).toEqual([
    { name: 'verification', code: '', text: '已致电。' },
    { name: 'answer', code: '', text: '路灯已修好。' },
    { name: 'rating', code: 'satisfied', text: '' },
  ])
  expect(courseOf({})).toEqual([])
})
