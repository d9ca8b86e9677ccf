import type { Ref } from 'vue'

export interface Choice {
  value: string
  label: string
}

interface Shown {
  /** The key of what it says while empty; it names the filter too. */
  label: string
  width: number
  test?: string
}

/** Choices are asked for while drawing: they follow the language and the rows they are made of. */
export type Filter = Shown &
  (
    | { kind: 'text'; value: Ref<string> }
    | { kind: 'one'; value: Ref<string>; choices: () => Choice[]; finds?: boolean }
    | { kind: 'many'; value: Ref<string[]>; choices: () => Choice[] }
    | { kind: 'days'; value: Ref<[string, string] | null>; kept?: boolean }
  )

export const choicesOf =
  (values: readonly string[], word: (value: string) => string) => (): Choice[] =>
    values.map((value) => ({ value, label: word(value) }))

interface Named {
  id: string
  name: string
  short_name?: string
}

export const named = (rows: readonly Named[]): Choice[] =>
  rows.map((row) => ({ value: row.id, label: row.short_name || row.name }))

/** Somebody narrowed the list: that it is empty then says nothing of the whole. */
export const narrows = (filters: readonly Filter[]): boolean =>
  filters.some((filter) => !(filter.kind === 'days' && filter.kept) && filter.value.value?.length)
