export type Row = object
/** A row as it is now, or null: it is gone. */
export type Change<R extends Row> = readonly [key: string, row: R | null]

export interface Picking<R extends Row> {
  /** Rows of the room that this screen does not ask for are as good as gone. */
  keep?: (row: R) => boolean
  /** A screen that shows one page takes changes of its rows, and no new ones. */
  onlyKnown?: boolean
}

const ALL = (): boolean => true

/**
 * The one way rows come to a screen: a snapshot is changes on nothing. The map given is left as it
 * was; a row keeps its place in the order.
 */
export const applyChanges = <R extends Row>(
  rows: ReadonlyMap<string, R>,
  changes: Iterable<Change<R>>,
  picking: Picking<R> = {},
): Map<string, R> => {
  const { keep = ALL, onlyKnown } = picking
  const next = new Map(rows)
  for (const [key, row] of changes) {
    if (!row || !keep(row)) next.delete(key)
    else if (!onlyKnown || next.has(key)) next.set(key, row)
  }
  return next
}

export const asChanges = <R extends Row>(rows: readonly R[], key: string): Change<R>[] =>
  rows.map((row) => [String((row as Record<string, unknown>)[key]), row])
