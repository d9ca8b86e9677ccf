import type { StandingRow } from '@hub/contract'
import type { Tone } from '@hub/ui'

/** How the line to the province stands: the name of its sentence, and how it is coloured. */
export interface Line {
  tone: Tone
  says: 'off' | 'never' | 'up' | 'cut' | 'unreached'
}

export const lineOf = ({ on, up, last_contact }: StandingRow): Line => {
  if (!on) return { tone: 'idle', says: 'off' }
  if (up === null) return { tone: 'wait', says: 'never' }
  if (up) return { tone: 'good', says: 'up' }
  return { tone: 'bad', says: last_contact ? 'cut' : 'unreached' }
}

const TONES: Record<string, Tone> = { running: 'busy', done: 'good', refused: 'bad' }

/** A package's state as a colour and a shape. */
export const packageTone = (tone: string): Tone => TONES[tone] ?? 'idle'

/** Seconds as a person reads them; nothing measured: a dash. */
export const secondsOf = (seconds: number | null): string =>
  seconds === null ? '—' : seconds < 10 ? seconds.toFixed(1) : String(Math.round(seconds))
