import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { Heard } from './receipt'

export type SoundState = 'loading' | 'playing' | 'paused' | 'blocked' | 'failed' | 'ended'

/** Counts what really came out of the loudspeaker: a jump ahead is not heard. */
const createEar = () => {
  let last = 0
  let played = 0
  let gap = 0
  let gaps = 0
  let silentSince: number | null = null
  const hear = (at: number): void => {
    const step = at - last
    if (step > 0 && step < 2) played += step
    last = at
  }
  return {
    hear,
    seek: (at: number): void => {
      last = at
    },
    fallSilent: (): void => {
      if (silentSince !== null || last === 0) return
      silentSince = performance.now()
      gaps += 1
    },
    resume: (): void => {
      if (silentSince !== null) gap += performance.now() - silentSince
      silentSince = null
    },
    heard: (): Heard => ({ played_ms: Math.round(played * 1000), gap_ms: Math.round(gap), gaps }),
  }
}

type Happenings = Record<string, (audio: HTMLAudioElement) => void>

/** Returns the way to stop listening, and the sound with it. */
const attach = (audio: HTMLAudioElement, happenings: Happenings): (() => void) => {
  const listeners = Object.entries(happenings).map(
    ([name, run]) => [name, () => run(audio)] as const,
  )
  for (const [name, listener] of listeners) audio.addEventListener(name, listener)
  return () => {
    for (const [name, listener] of listeners) audio.removeEventListener(name, listener)
    audio.pause()
  }
}

/** What a refused play() means; null: it was given up by ourselves. */
const refusalOf = (why: unknown): SoundState | null => {
  const { name } = why as Error
  if (name === 'AbortError') return null
  return name === 'NotAllowedError' ? 'blocked' : 'failed'
}

interface Sound {
  state: Ref<SoundState>
  position: Ref<number>
  length: Ref<number>
}

const happeningsOf = (
  { state, position, length }: Sound,
  ear: () => ReturnType<typeof createEar>,
  onEnded: (heard: Heard) => void,
): Happenings => ({
  playing: () => {
    ear().resume()
    state.value = 'playing'
  },
  pause: (audio) => {
    if (!audio.ended && state.value === 'playing') state.value = 'paused'
  },
  waiting: () => ear().fallSilent(),
  seeked: (audio) => ear().seek(audio.currentTime),
  durationchange: (audio) => {
    if (Number.isFinite(audio.duration)) length.value = audio.duration
  },
  timeupdate: (audio) => {
    ear().hear(audio.currentTime)
    position.value = audio.currentTime
  },
  error: () => {
    state.value = 'failed'
  },
  ended: (audio) => {
    ear().hear(audio.duration)
    position.value = audio.duration
    state.value = 'ended'
    onEnded(ear().heard())
  },
})

/** One <audio> element: plays by itself where the browser lets it, and says so where not. */
export const useSound = (
  element: Readonly<Ref<HTMLAudioElement | null>>,
  options: { auto: boolean; onEnded: (heard: Heard) => void },
) => {
  const sound = {
    state: ref<SoundState>(options.auto ? 'loading' : 'paused'),
    position: ref(0),
    length: ref(0),
  }
  const { state } = sound
  let ear = createEar()
  let wanted = options.auto

  const play = async (): Promise<void> => {
    const audio = element.value
    if (!audio) return
    wanted = true
    if (state.value === 'ended') ear = createEar()
    if (state.value === 'failed') audio.load()
    try {
      await audio.play()
    } catch (why) {
      state.value = (wanted && refusalOf(why)) || state.value
    }
  }
  const pause = (): void => {
    wanted = false
    element.value?.pause()
  }

  const happenings = happeningsOf(
    sound,
    () => ear,
    (heard) => {
      wanted = false
      options.onEnded(heard)
    },
  )
  let detach = (): void => undefined
  watch(
    element,
    (audio) => {
      detach()
      if (!audio) return
      detach = attach(audio, happenings)
      if (options.auto) void play()
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => detach())
  return { ...sound, play, pause }
}
