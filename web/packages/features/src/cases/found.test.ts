import { expect, it } from 'vitest'
import { around, cut } from './found'

it('cuts a text where the hub marked it, counting letters as the hub does', () => {
  expect(cut('🌉修桥补路', [{ start: 1, end: 3 }])).toEqual([
    { text: '🌉', on: false },
    { text: '修桥', on: true },
    { text: '补路', on: false },
  ])
  expect(cut('修桥', [])).toEqual([{ text: '修桥', on: false }])
})

it('shows the first hit of a long paragraph, and that there is more before and after', () => {
  const text = `${'前'.repeat(100)}停车${'后'.repeat(100)}`
  const shown = around({ paragraph: 1, start: 0, text, marks: [{ start: 100, end: 102 }] })

  expect(shown[0]).toEqual({ text: '…', on: false })
  expect(shown.find(({ on }) => on)?.text).toBe('停车')
  expect(shown.at(-1)).toEqual({ text: '…', on: false })
})
