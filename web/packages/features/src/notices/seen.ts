import { onScopeDispose, watch } from 'vue'

const A_GLANCE = 1000

/** Calls `seen(id)` when `id` was on a visible screen for a second without a break. */
export const useSeen = (id: () => string | null, seen: (id: string) => void, after = A_GLANCE) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    clearTimeout(timer)
    const now = id()
    if (!now || document.visibilityState !== 'visible') return
    timer = setTimeout(() => seen(now), after)
  }
  watch(id, look, { immediate: true, flush: 'post' })
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', look)
  })
}
