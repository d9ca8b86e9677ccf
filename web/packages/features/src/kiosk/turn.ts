import { byTurn, type Listed } from '../notices/standing'

/** What waits for the whole screen, the first of it on top. */
export const queueOf = (listed: Listed[]): Listed[] =>
  listed.filter((one) => one.standing === 'open').sort(byTurn)

export type Parting = 'cancelled' | 'expired'

/** Why the notice that filled the screen is there no more; null when it was answered. */
export const partingOf = (before: Listed, now: Listed | undefined): Parting | null => {
  if (!now || now.standing === 'cancelled') return 'cancelled'
  return now.standing === 'expired' && before.standing === 'open' ? 'expired' : null
}
