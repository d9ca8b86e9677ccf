import type { MessageRow } from '@hub/contract'

/** A stretch of a conversation without holes, rising, and how far the conversation goes. */
export interface Thread {
  readonly rows: readonly MessageRow[]
  readonly last: number
}

/** So many stay on the page; scrolling back fetches again what was let go. */
export const MOST = 400

export const EMPTY: Thread = { rows: [], last: 0 }

export const oldest = (thread: Thread): number => thread.rows[0]?.number ?? 0
export const newest = (thread: Thread): number => thread.rows.at(-1)?.number ?? 0
export const atEnd = (thread: Thread): boolean => newest(thread) >= thread.last
export const holds = (thread: Thread, number: number): boolean =>
  number >= oldest(thread) && number <= newest(thread)

const rising = (rows: Iterable<MessageRow>): MessageRow[] =>
  [...rows].sort((a, b) => a.number - b.number)

/** Another stretch takes the place of what was there. */
export const opened = (rows: Iterable<MessageRow>, last = 0): Thread => {
  const sorted = rising(rows)
  return { rows: sorted, last: Math.max(last, sorted.at(-1)?.number ?? 0) }
}

const replaced = (
  rows: readonly MessageRow[],
  known: ReadonlyMap<number, MessageRow>,
): readonly MessageRow[] =>
  rows.some((row) => (known.get(row.number) ?? row) !== row)
    ? rows.map((row) => known.get(row.number) ?? row)
    : rows

/** After which number it goes on: an empty conversation begins with whatever is told first. */
const endOf = (thread: Thread, told: readonly MessageRow[]): number => {
  if (thread.rows.length) return newest(thread)
  return thread.last === 0 ? (told[0]?.number ?? 1) - 1 : Infinity
}

/**
 * What the hub told. Known messages are replaced (recalled, pinned), the next ones are added; what
 * leaves a hole is only counted, for `last` to say that something is missing.
 */
export const heard = (thread: Thread, told: Iterable<MessageRow>): Thread => {
  const sorted = rising(told)
  const last = Math.max(thread.last, sorted.at(-1)?.number ?? 0)
  const rows = [...replaced(thread.rows, new Map(sorted.map((row) => [row.number, row])))]
  let end = endOf(thread, sorted)
  for (const row of sorted)
    if (row.number === end + 1) {
      rows.push(row)
      end = row.number
    }
  return { rows, last }
}

/** What was asked for: the hub leaves nothing out, so numbers that are missing were cleared away. */
export const below = (thread: Thread, rows: Iterable<MessageRow>): Thread => {
  const known = rising(rows)
  const end = newest(thread)
  const byNumber = new Map(known.map((row) => [row.number, row]))
  const all = [...replaced(thread.rows, byNumber), ...known.filter((row) => row.number > end)]
  return { rows: all, last: Math.max(thread.last, all.at(-1)?.number ?? 0) }
}

export const above = (thread: Thread, rows: Iterable<MessageRow>): Thread => {
  const start = oldest(thread)
  return { ...thread, rows: [...rising(rows).filter((row) => row.number < start), ...thread.rows] }
}

/** Lets go of the end that is not looked at. */
export const trimmed = (thread: Thread, looked: 'above' | 'below', most = MOST): Thread => {
  if (thread.rows.length <= most) return thread
  const rows = looked === 'above' ? thread.rows.slice(0, most) : thread.rows.slice(-most)
  return { ...thread, rows }
}
