import type { Layout } from '@hub/features/meetings'
import type { InjectionKey } from 'vue'
import { inject, provide } from 'vue'
import { useWish } from '../kit/wish'

const SETTLED = 1000

/** What who runs a meeting does. A refusal is said; what went well is seen on the screen. */
const makeRunning = (meeting: () => string) => {
  const { wish, attempt, sure } = useWish()
  const act = (type: string, fields: object = {}) =>
    wish(type, { meeting: meeting(), ...fields }, '')
  let asked: Layout | undefined
  return {
    attempt,
    sure,
    act,
    /** What is pressed next builds upon what was pressed last, though the row has not come yet. */
    async layOut(now: Layout, change: Partial<Layout>): Promise<void> {
      const layout = { ...(asked ?? now), ...change }
      asked = layout
      await act('SetLayout', { layout })
      setTimeout(() => {
        if (asked === layout) asked = undefined
      }, SETTLED)
    },
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
