import type { InjectionKey } from 'vue'
import { inject, provide } from 'vue'
import { useWish } from '../kit/wish'

/** What who runs a meeting does. A refusal is said; what went well is seen on the screen. */
const makeRunning = (meeting: () => string) => {
  const { wish, attempt, sure } = useWish()
  return {
    attempt,
    sure,
    act: (type: string, fields: object = {}) => wish(type, { meeting: meeting(), ...fields }, ''),
  }
}

export type Running = ReturnType<typeof makeRunning>
const RUNNING: InjectionKey<Running> = Symbol('running')

export const provideRunning = (meeting: () => string): Running => {
  const running = makeRunning(meeting)
  provide(RUNNING, running)
  return running
}

export const useRunning = (): Running => {
  const running = inject(RUNNING)
  if (!running) throw new Error('No meeting is run here.')
  return running
}
