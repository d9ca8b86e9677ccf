import { HubProblem } from '@hub/client'
import type { ShownLive } from '@hub/contract'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { useHub } from '../page/hub'

const LOOKS = 30_000

/** What the asker may watch; looked at again every half minute. */
export const useShownLives = () => {
  const hub = useHub()
  const rows = shallowRef<ShownLive[]>([])
  const problem = shallowRef<HubProblem | null>(null)
  const ready = ref(false)
  const look = async (): Promise<void> => {
    try {
      rows.value = (await hub.lives<ShownLive>()).rows
      problem.value = null
      ready.value = true
    } catch (why) {
      if (!(why instanceof HubProblem)) throw why
      if (!ready.value) problem.value = why
    }
  }
  void look()
  const timer = setInterval(() => void look(), LOOKS)
  onScopeDispose(() => clearInterval(timer))
  return { rows, ready, problem, look }
}
