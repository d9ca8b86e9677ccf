import { dayOf } from '../page/format'
import type { LeftOutDay } from './shapes'

const DAY = 86_400_000

/** Whole days from today in the city to a day; negative when it is past. */
export const daysTo = (day: string, now: number): number =>
  Math.round((Date.parse(`${day}T00:00Z`) - Date.parse(`${dayOf(now)}T00:00Z`)) / DAY)

export interface Rest {
  since: string
  until: string
  why: string
  n: number
}

const follows = (rest: Rest, { day, why }: LeftOutDay): boolean =>
  rest.why === why && Date.parse(day) - Date.parse(rest.until) === DAY

/** Days that follow each other for one reason are read as one stretch. */
export const restsOf = (days: readonly LeftOutDay[]): Rest[] =>
  days.reduce<Rest[]>((rests, one) => {
    const last = rests.at(-1)
    if (!last || !follows(last, one))
      return [...rests, { since: one.day, until: one.day, why: one.why, n: 1 }]
    return [...rests.slice(0, -1), { ...last, until: one.day, n: last.n + 1 }]
  }, [])
