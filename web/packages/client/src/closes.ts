/** What a client does after a deliberate close; the hub's table (hub/wire/words.py) in the client's words. */
export type Then = 'come-back' | 'wait' | 'sign-in' | 'stay-away'

export const CLOSES: Readonly<Record<number, Then>> = {
  4008: 'come-back',
  4009: 'wait',
  4010: 'come-back',
  4011: 'wait',
  4012: 'come-back',
  4101: 'sign-in',
  4102: 'sign-in',
  4103: 'stay-away',
}

export const BYES: Readonly<Record<string, Then>> = {
  'going-down': 'wait',
  revoked: 'sign-in',
  replaced: 'stay-away',
  'too-much': 'wait',
}

/** Milliseconds: what the hub asked for, and a little by chance, so that not all come at once. */
export const pause = (seconds: number, chance: number): number =>
  Math.round((seconds + chance * Math.min(1, 0.2 + seconds / 2)) * 1000)
