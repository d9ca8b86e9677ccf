import { HubProblem } from '@hub/client'
import { ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useHub } from '../page/hub'

/** What stands at an address that is open to everybody; null: nothing is asked. */
export const useLook = <T>(path: MaybeRefOrGetter<string | null>) => {
  const hub = useHub()
  const shown = shallowRef<T | null>(null)
  const problem = shallowRef<HubProblem | null>(null)
  const ready = ref(false)
  const look = async (): Promise<void> => {
    const asked = toValue(path)
    if (asked === null) return
    try {
      const found = await hub.openly<T>(asked)
      if (asked !== toValue(path)) return
      shown.value = found
      problem.value = null
    } catch (why) {
      if (!(why instanceof HubProblem)) throw why
      if (asked === toValue(path)) problem.value = why
    }
    ready.value = true
  }
  watch(
    () => toValue(path),
    () => void look(),
    { immediate: true },
  )
  return { shown, problem, ready, look }
}
