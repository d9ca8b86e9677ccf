import type { FieldError } from '@hub/contract'

/** One value of a package's body, under the path by which the province names it. */
export interface Cell {
  path: string
  /** The path within its row. */
  name: string
  value: string
  why: string
}

export interface Part {
  /** `rows.0`; empty: what stands beside the rows. */
  path: string
  cells: Cell[]
}

const ROW = /^rows\.\d+/

const leaves = (value: unknown, path: string): [path: string, value: string][] => {
  if (value === null || typeof value !== 'object') return [[path, String(value ?? '')]]
  const under = Object.entries(value)
  if (!under.length) return [[path, '']]
  return under.flatMap(([name, one]) => leaves(one, path ? `${path}.${name}` : name))
}

const read = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}

/** Where an objection stands: at its field, at the first value within it, else at a field that is missing. */
const placed = (paths: readonly string[], field: string): string =>
  paths.find((path) => path === field || path.startsWith(`${field}.`)) ?? field

const grouped = <T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> => {
  const found = new Map<string, T[]>()
  for (const one of all) found.set(key(one), [...(found.get(key(one)) ?? []), one])
  return found
}

const rowOf = (path: string): string => ROW.exec(path)?.[0] ?? ''

/** What a package says, value by value, with what the province objects to beside the value; a field that is missing gets a line of its own. */
export const partsOf = (body: string, errors: readonly FieldError[]): Part[] => {
  const said = leaves(read(body), '').filter(([path]) => path)
  const paths = said.map(([path]) => path)
  const faults = grouped(errors, ({ field }) => placed(paths, field))
  const missing = [...faults.keys()].filter((path) => !paths.includes(path))
  const cells = [...said, ...missing.map((path) => [path, ''] as const)].map(([path, value]) => ({
    path,
    name: path.slice(rowOf(path).length).replace(/^\./, ''),
    value,
    why: (faults.get(path) ?? []).map(({ why }) => why).join('；'),
  }))
  return [...grouped(cells, ({ path }) => rowOf(path))].map(([path, of]) => ({ path, cells: of }))
}

/** `replies.0.on` as a person reads it: each name by `word`, places in a list counted from one. */
export const readPath = (name: string, word: (part: string) => string): string =>
  name
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : word(part)))
    .join(' ')

/** Of a long package first the rows at which the province objects; `left`: how many rows are not shown. */
export const shownOf = (parts: readonly Part[], most: number): { parts: Part[]; left: number } => {
  const faulty = ({ cells }: Part): boolean => cells.some(({ why }) => why)
  const sorted = [...parts.filter(faulty), ...parts.filter((one) => !faulty(one))]
  const kept = new Set(sorted.slice(0, most))
  return { parts: parts.filter((one) => kept.has(one)), left: Math.max(0, parts.length - most) }
}
