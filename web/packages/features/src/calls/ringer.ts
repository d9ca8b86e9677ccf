/** `back`: what a caller hears while the other side rings. */
export type Ringing = 'none' | 'ring' | 'emergency' | 'back'

interface Pattern {
  tones: readonly (readonly [frequency: number, at: number, length: number])[]
  every: number
  loud: number
}

const PATTERNS: Record<Exclude<Ringing, 'none'>, Pattern> = {
  ring: {
    tones: [
      [880, 0, 0.22],
      [1108.7, 0.26, 0.22],
      [880, 0.52, 0.22],
      [1108.7, 0.78, 0.22],
    ],
    every: 2400,
    loud: 0.25,
  },
  emergency: {
    tones: [
      [988, 0, 0.14],
      [1480, 0.16, 0.14],
      [988, 0.32, 0.14],
      [1480, 0.48, 0.14],
    ],
    every: 900,
    loud: 0.35,
  },
  back: { tones: [[450, 0, 1]], every: 5000, loud: 0.06 },
}
const NOTICE: Pattern['tones'] = [
  [659.3, 0, 0.3],
  [880, 0.3, 0.5],
]

const sound = (context: AudioContext, tones: Pattern['tones'], loud: number): void => {
  for (const [frequency, at, length] of tones) {
    const begin = context.currentTime + 0.02 + at
    const gain = new GainNode(context, { gain: 0 })
    gain.gain.setValueAtTime(0, begin)
    gain.gain.linearRampToValueAtTime(loud, begin + 0.02)
    gain.gain.setValueAtTime(loud, begin + length - 0.04)
    gain.gain.linearRampToValueAtTime(0, begin + length)
    const tone = new OscillatorNode(context, { frequency, type: 'triangle' })
    tone.connect(gain).connect(context.destination)
    tone.start(begin)
    tone.stop(begin + length + 0.02)
  }
}

/** Rings until told otherwise. Where the browser lets no sound out yet, the screen alone must say it. */
export const createRinger = () => {
  let context: AudioContext | undefined
  let now: Ringing = 'none'
  let timer: ReturnType<typeof setInterval> | undefined

  const ready = (): AudioContext => {
    context ??= new AudioContext()
    if (context.state === 'suspended') void context.resume().catch(() => undefined)
    return context
  }
  return {
    set(next: Ringing): void {
      if (next === now) return
      clearInterval(timer)
      now = next
      if (next === 'none') {
        void context?.close()
        context = undefined
        return
      }
      const { tones, every, loud } = PATTERNS[next]
      const once = (): void => {
        sound(ready(), tones, loud)
        if (next !== 'back') navigator.vibrate?.([300, 150, 300])
      }
      once()
      timer = setInterval(once, every)
    },
    /** A line answers by itself: whoever stands by hears that it does. */
    notice(): void {
      sound(ready(), NOTICE, 0.3)
    },
  }
}

export type Ringer = ReturnType<typeof createRinger>
