import type { BroadcastRow, CountRow, Outcome } from '@hub/contract'
import { CAME_COLOR, OUTCOMES, TRY_GROUPS } from './words'

export interface Figures {
  total: number
  delivered: number
  read: number
  confirmed: number
  unreachable: number
}

type Outcomes = Partial<Record<Outcome, number>>
const sum = (outcomes: Outcomes, ...names: Outcome[]): number =>
  names.reduce((all, name) => all + (outcomes[name] ?? 0), 0)

/** Who has read has also been delivered to: each figure holds the ones further on. */
export const figuresOf = (total: number, outcomes: Outcomes): Figures => ({
  total,
  delivered: sum(outcomes, 'delivered', 'read', 'confirmed'),
  read: sum(outcomes, 'read', 'confirmed'),
  confirmed: sum(outcomes, 'confirmed'),
  unreachable: sum(outcomes, 'unreachable'),
})

/** Who may still be reminded: everybody who has not answered and was not taken off. */
export const unanswered = (row: BroadcastRow): number =>
  row.total - sum(row.outcomes, 'confirmed', 'cancelled')

export const outcomeParts = (outcomes: Outcomes, word: (outcome: Outcome) => string) =>
  OUTCOMES.map((outcome) => ({
    key: outcome,
    label: word(outcome),
    value: outcomes[outcome] ?? 0,
    color: CAME_COLOR[outcome],
  }))

/** One road's tries, gathered into the few groups a bar can show. */
export const tryParts = (row: CountRow, word: (group: string) => string) =>
  TRY_GROUPS.map((group) => ({
    key: group.key,
    label: word(group.key),
    value: group.states.reduce((all, state) => all + (row.states[state] ?? 0), 0),
    color: group.color,
  }))

export interface Place extends Figures {
  id: string
  key: string
  label: string
  states: Outcomes
  children: Place[]
}

const placeOf = (row: CountRow): Place => ({
  ...figuresOf(row.total, row.states as Outcomes),
  id: row.id,
  key: row.key,
  label: row.label || row.key,
  states: row.states as Outcomes,
  children: [],
})

/** Districts with their stations, those with most left to do first. */
export const placesOf = (rows: readonly CountRow[]): Place[] => {
  const districts = rows.filter((row) => row.kind === 'district').map(placeOf)
  const home = new Map(districts.map((place) => [place.key, place]))
  for (const row of rows)
    if (row.kind === 'station') home.get(row.parent)?.children.push(placeOf(row))
  for (const place of districts) place.children.sort((a, b) => a.label.localeCompare(b.label, 'zh'))
  return districts
}

/** Seconds until the last call, and how much of the time is gone (0 to 1). */
export const timeLeft = (row: BroadcastRow, now: number) => {
  const [from, to] = [Date.parse(row.send_at), Date.parse(row.expires_at)]
  return {
    seconds: Math.max(0, (to - now) / 1000),
    gone: Math.min(1, Math.max(0, (now - from) / Math.max(1, to - from))),
  }
}
