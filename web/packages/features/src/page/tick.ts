import { onScopeDispose, ref } from 'vue'
import { useHub } from './hub'

/** The hub's time, milliseconds, once a second. */
export const useNow = (every = 1000) => {
  const { clock } = useHub()
  const now = ref(clock.now())
  const timer = setInterval(() => (now.value = clock.now()), every)
  onScopeDispose(() => clearInterval(timer))
  return now
}
