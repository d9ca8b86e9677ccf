import { onScopeDispose } from 'vue'

/** The screen stays on; a lock is lost whenever the page is hidden, so it is asked for again. */
export const useAwake = (): void => {
  let lock: WakeLockSentinel | null = null
  const hold = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || (lock && !lock.released)) return
    try {
      lock = await navigator.wakeLock.request('screen')
    } catch {
      // No lock here (no TLS, battery low): the kiosk's own power settings hold.
      lock = null
    }
  }
  const timer = setInterval(() => void hold(), 60_000)
  const look = (): void => void hold()
  document.addEventListener('visibilitychange', look)
  look()
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
    void lock?.release()
  })
}
