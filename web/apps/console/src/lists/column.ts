import type { HubProblem } from '@hub/client'
import type { MaybeRef } from 'vue'

/** One column of a list. What a cell shows: the slot `cell-<name>`, else `text`, else the row's field of that name. */
export interface Column<R> {
  name: string
  /** The key of its heading's sentence; without one the heading is empty. */
  label?: string
  /** The heading itself, where the hub says it. */
  heading?: string
  width?: number
  /** It takes its part of the room that is left, and at least this much. */
  least?: number
  text?: (row: R) => string
  right?: boolean
  /** What does not fit is shown on pointing at it. */
  clips?: boolean
  sorts?: boolean
  /** Its words are a link that opens the row; the whole row then opens it too. */
  opens?: boolean
  /** Attributes of the cell's words. */
  marks?: (row: R) => Record<string, string>
}

/** Where a list's rows come from: `useRows`, or a store that keeps what it gives. */
export interface Source<R> {
  rows: MaybeRef<R[]>
  ready: MaybeRef<boolean>
  problem: MaybeRef<HubProblem | null>
  total: MaybeRef<number>
  refresh: () => void
}

export const textOf = <R extends object>(column: Column<R>, row: R): string =>
  column.text ? column.text(row) : String((row as Record<string, unknown>)[column.name] ?? '')

/** Rows that are there already, as a source. */
export const given = <R>(rows: R[]): Source<R> => ({
  rows,
  ready: true,
  problem: null,
  total: rows.length,
  refresh: () => undefined,
})
