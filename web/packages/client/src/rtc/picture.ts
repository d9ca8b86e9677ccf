import type { Picture } from './words'

/** What two seconds of one's own picture were like. */
export interface Sample {
  /** part of packets the other side says it lost, 0 to 1 */
  lost: number
  /** what the line would carry, bits per second; null: unknown */
  room: number | null
  /** how long packets stood in the sending queue on average, milliseconds */
  queued: number
}

const LADDER: readonly Picture[] = ['full', 'half', 'small', 'paused']
/** Below this much room a step cannot be kept. */
const NEEDS: Record<Picture, number> = { full: 450_000, half: 200_000, small: 90_000, paused: 0 }
const BAD_LOSS = 0.12
const GOOD_LOSS = 0.03
const BAD_QUEUE = 400
/** Down quickly, up slowly: a picture that comes and goes is worse than a small one. */
const DOWN_AFTER = 2
const UP_AFTER = 5

export interface Standing {
  picture: Picture
  bad: number
  good: number
}

export const STANDING: Standing = { picture: 'full', bad: 0, good: 0 }

const at = (index: number): Picture => LADDER[Math.min(3, Math.max(0, index))] ?? 'full'

const tooMuch = (picture: Picture, { lost, room, queued }: Sample): boolean =>
  lost > BAD_LOSS || queued > BAD_QUEUE || (room !== null && room < NEEDS[picture])

const wouldFit = (picture: Picture, { lost, room, queued }: Sample): boolean =>
  lost < GOOD_LOSS && queued < BAD_QUEUE / 4 && (room === null || room > NEEDS[picture] * 1.5)

export const nextStanding = (now: Standing, sample: Sample): Standing => {
  const index = LADDER.indexOf(now.picture)
  const bad = tooMuch(now.picture, sample) ? now.bad + 1 : 0
  const good = index > 0 && wouldFit(at(index - 1), sample) ? now.good + 1 : 0
  if (bad >= DOWN_AFTER && index < 3) return { picture: at(index + 1), bad: 0, good: 0 }
  if (good >= UP_AFTER) return { picture: at(index - 1), bad: 0, good: 0 }
  return { ...now, bad, good }
}

export const ENCODING: Record<Picture, { scale: number; bitrate: number; active: boolean }> = {
  full: { scale: 1, bitrate: 2_000_000, active: true },
  half: { scale: 2, bitrate: 400_000, active: true },
  small: { scale: 4, bitrate: 120_000, active: true },
  paused: { scale: 4, bitrate: 120_000, active: false },
}
