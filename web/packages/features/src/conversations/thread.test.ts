import { describe, expect, it } from 'vitest'
import { messageOf, messagesOf } from './samples'
import { above, atEnd, below, EMPTY, heard, newest, oldest, opened, trimmed } from './thread'

const numbers = (thread: { rows: readonly { number: number }[] }): number[] =>
  thread.rows.map((row) => row.number)

describe('what is told of a conversation', () => {
  it('goes on where the page ends', () => {
    const thread = heard(opened(messagesOf(8, 10)), messagesOf(9, 11))
    expect(numbers(thread)).toEqual([8, 9, 10, 11])
    expect(atEnd(thread)).toBe(true)
  })

  it('never leaves a hole: what is beyond one is only known to be there', () => {
    const thread = heard(opened(messagesOf(1, 3)), messagesOf(6, 7))
    expect(numbers(thread)).toEqual([1, 2, 3])
    expect([thread.last, atEnd(thread)]).toEqual([7, false])

    const caughtUp = below(thread, messagesOf(4, 7))
    expect(numbers(caughtUp)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(atEnd(caughtUp)).toBe(true)
  })

  it('is there once, however often it is told', () => {
    const thread = below(heard(opened(messagesOf(1, 3)), messagesOf(3, 5)), messagesOf(2, 5))
    expect(numbers(heard(thread, messagesOf(1, 5)))).toEqual([1, 2, 3, 4, 5])
  })

  it('replaces a message that was recalled', () => {
    const recalled = messageOf({ number: 2, shape: 'recalled', text: '' })
    const thread = heard(opened(messagesOf(1, 3)), [recalled])
    expect(thread.rows[1]).toBe(recalled)
  })

  it('begins with the first message of a new conversation', () => {
    expect(numbers(heard(EMPTY, messagesOf(1, 2)))).toEqual([1, 2])
  })
})

describe('scrolling without limit', () => {
  it('adds older ones above, and lets go of the newest beyond what a page holds', () => {
    const thread = trimmed(above(opened(messagesOf(101, 120)), messagesOf(51, 100)), 'above', 60)
    expect([oldest(thread), newest(thread), thread.last, atEnd(thread)]).toEqual([
      51,
      110,
      120,
      false,
    ])
  })

  it('accepts that numbers were cleared away meanwhile', () => {
    expect(numbers(below(opened(messagesOf(1, 2)), messagesOf(9, 10)))).toEqual([1, 2, 9, 10])
  })
})
