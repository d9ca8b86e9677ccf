import { HubProblem } from '@hub/client'
import { ref, shallowRef } from 'vue'

/** A button's life: pending, then done, or the sentence saying why not. */
export const useAction = <A extends unknown[], T>(run: (...args: A) => Promise<T>) => {
  const pending = ref(false)
  const problem = shallowRef<HubProblem | null>(null)
  const go = async (...args: A): Promise<T | undefined> => {
    if (pending.value) return undefined
    pending.value = true
    problem.value = null
    try {
      return await run(...args)
    } catch (why) {
      if (!(why instanceof HubProblem)) throw why
      problem.value = why
      return undefined
    } finally {
      pending.value = false
    }
  }
  return { pending, problem, go }
}
