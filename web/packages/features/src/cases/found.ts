import type { FoundText, HubSearchMessagesMark as Mark } from '@hub/contract'

export type { SearchRow } from '@hub/contract'

/** A stretch of text, marked or not. */
export interface Stretch {
  text: string
  on: boolean
}

/** Text cut at its marks; as the hub does, it counts an emoji as one letter. */
export const cut = (text: string, marks: readonly Mark[]): Stretch[] => {
  const letters = [...text]
  const pieces: Stretch[] = []
  const add = (start: number, end: number, on: boolean): void => {
    const piece = letters.slice(start, end).join('')
    if (piece) pieces.push({ text: piece, on })
  }
  let from = 0
  for (const { start, end } of marks) {
    add(from, start, false)
    add(Math.max(from, start), end, true)
    from = Math.max(from, end)
  }
  add(from, letters.length, false)
  return pieces
}

const BEFORE = 12
const MOST = 90

/** As much around the first mark as a line holds. */
export const around = ({ text, marks }: FoundText): Stretch[] => {
  const letters = [...text]
  const first = marks[0]?.start ?? 0
  const from = first > MOST - BEFORE ? first - BEFORE : 0
  const shown = letters.slice(from, from + MOST).join('')
  const moved = marks
    .map(({ start, end }) => ({ start: start - from, end: Math.min(end - from, MOST) }))
    .filter(({ start }) => start >= 0 && start < MOST)
  const stretches = cut(shown, moved)
  const head = from ? [{ text: '…', on: false }] : []
  const tail = letters.length > from + MOST ? [{ text: '…', on: false }] : []
  return [...head, ...stretches, ...tail]
}
