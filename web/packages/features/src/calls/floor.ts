import type { FloorState } from '@hub/client'

export interface FloorStand {
  mode: 'idle' | 'mine' | 'taken' | 'queued'
  /** Who speaks. */
  name: string
  /** Whole seconds until the holder is told to end; null: no limit. */
  left: number | null
  /** One's own place in the queue, from 1; 0: not in it. */
  place: number
  queue: string[]
  /** Told to end. */
  ending: boolean
}

const NOBODY: FloorStand = {
  mode: 'idle',
  name: '',
  left: null,
  place: 0,
  queue: [],
  ending: false,
}

const leftUntil = (until: string | null, now: number): number | null =>
  until ? Math.max(0, Math.ceil((Date.parse(until) - now) / 1000)) : null

/** The floor as one of its peers sees it. `now`: the hub's time, milliseconds. */
export const floorStand = (state: FloorState | null, own: string, now: number): FloorStand => {
  if (!state) return NOBODY
  const place = state.queue.findIndex(({ peer }) => peer === own) + 1
  const mine = own !== '' && state.holder === own
  const mode = mine ? 'mine' : place > 0 ? 'queued' : state.holder ? 'taken' : 'idle'
  return {
    mode,
    name: state.name,
    left: state.holder ? leftUntil(state.until, now) : null,
    place,
    queue: state.queue.map(({ name }) => name),
    ending: state.revoking,
  }
}
