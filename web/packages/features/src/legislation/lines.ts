import type { ComparisonRow, PieceRow } from '@hub/contract'

/** One side of an article as it is read beside the other: what is the other's alone is left out. */
export const sideOf = (pieces: readonly PieceRow[], side: 'old' | 'new'): PieceRow[] =>
  pieces.filter(({ edit }) => edit !== (side === 'old' ? 'added' : 'removed'))

/** What a reader wants to see first: everything but what stayed as it was where it was. */
export const isTouched = (row: ComparisonRow): boolean =>
  row.change !== 'same' || row.moved || row.renumbered

export const countOf = (rows: readonly ComparisonRow[]): [change: string, n: number][] => {
  const found = new Map<string, number>()
  for (const row of rows) {
    if (row.change !== 'same') found.set(row.change, (found.get(row.change) ?? 0) + 1)
    if (row.moved) found.set('moved', (found.get('moved') ?? 0) + 1)
  }
  return [...found]
}
