/** Seconds that are kept in hand against a line that stutters; grows with each gap heard. */
const FIRST = 0.06
const MOST = 0.24
const STEP = 0.04
/** More than this in hand is a burst after a pause: catching up beats speaking late. */
const TOO_LATE = 0.5

export interface Playhead {
  /** When, on the sound card's clock, the next `seconds` of sound are to begin; null: leave them out. */
  place(now: number, seconds: number): number | null
}

/** Frames come in order (TCP), only unevenly: one number says where the next begins. */
export const createPlayhead = (): Playhead => {
  let next = 0
  let kept = FIRST
  let begun = false
  return {
    place(now, seconds) {
      if (next < now) {
        if (begun && now - next < 1) kept = Math.min(MOST, kept + STEP)
        begun = true
        next = now + kept
      }
      if (next - now > TOO_LATE) return null
      const at = next
      next += seconds
      return at
    },
  }
}

const HEAD = 8

/** `[seq u32][ts u32][payload]`, big-endian; null: no frame. */
export const frameOf = (bytes: ArrayBuffer): { ts: number; payload: Uint8Array } | null =>
  bytes.byteLength <= HEAD
    ? null
    : { ts: new DataView(bytes).getUint32(4), payload: new Uint8Array(bytes, HEAD) }
