import type { LineKind, LineRow, LineState } from '@hub/contract'
import { LINE_STATES } from './words'

export interface WallFilter {
  text: string
  states: readonly LineState[]
  kinds: readonly LineKind[]
}

/** A stretch of the wall. `id`: a district, or what its lines are. */
export interface Stretch {
  id: string
  lines: LineRow[]
}

/** The main station and the seats that answer for it. */
export const CENTRE = 'centre'

const fits = ({ text, states, kinds }: WallFilter, line: LineRow): boolean =>
  (states.length === 0 || states.includes(line.state)) &&
  (kinds.length === 0 || kinds.includes(line.kind)) &&
  (text === '' || line.name.includes(text) || line.place.includes(text))

export const matchingLines = (lines: readonly LineRow[], filter: WallFilter): LineRow[] =>
  lines.filter((line) => fits(filter, line))

const numeric = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

/** The centre first, then the stations of each district, then people. */
const placeOf = (line: LineRow): string => {
  if (line.kind === 'station') return line.district.startsWith('district:') ? line.district : CENTRE
  return line.kind === 'account' ? CENTRE : 'people'
}
const rank = (id: string): number => (id === CENTRE ? 0 : id === 'people' ? 2 : 1)
const byPlace = (a: LineRow, b: LineRow): number =>
  Number(b.kind === 'station') - Number(a.kind === 'station') || numeric(a.id, b.id)

export const stretchesOf = (lines: readonly LineRow[]): Stretch[] => {
  const found = new Map<string, LineRow[]>()
  for (const line of lines) found.set(placeOf(line), [...(found.get(placeOf(line)) ?? []), line])
  return [...found]
    .map(([id, inside]) => ({ id, lines: inside.sort(byPlace) }))
    .sort((a, b) => rank(a.id) - rank(b.id) || numeric(a.id, b.id))
}

export const countStates = (lines: readonly LineRow[]): Record<LineState, number> => {
  const counts = Object.fromEntries(LINE_STATES.map((state) => [state, 0])) as Record<
    LineState,
    number
  >
  for (const line of lines) counts[line.state] += 1
  return counts
}

/** What a touch of a key does: one that is free is called at once; else the operator is asked. */
export const touchOf = (line: LineRow, talking: boolean): 'call' | 'choose' =>
  line.state === 'idle' && !talking ? 'call' : 'choose'

/** The seat for which somebody acts: an account that belongs to a person is that person. */
export const ownSeat = (me: { id: string; scopes: readonly string[] } | null): string =>
  me ? (me.scopes.filter((scope) => scope.startsWith('person:')).at(-1) ?? me.id) : ''
