/** Somebody keeps the large picture for so long after another has begun to speak. */
export const HOLD = 1200

export interface Voice {
  ref: string
  /** When another was first loudest, milliseconds; 0: nobody else is. */
  rival: string
  since: number
}

export const SILENCE: Voice = { ref: '', rival: '', since: 0 }

/** A cough must not turn the wall: who is loudest takes it when he stays so, or when nobody has it. */
export const heard = (now: Voice, loudest: string, at: number): Voice => {
  if (!loudest || loudest === now.ref) return { ...now, rival: '', since: 0 }
  if (!now.ref) return { ref: loudest, rival: '', since: 0 }
  if (loudest !== now.rival) return { ...now, rival: loudest, since: at }
  return at - now.since >= HOLD ? { ref: loudest, rival: '', since: 0 } : now
}
