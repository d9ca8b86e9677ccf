import type { Observable } from '@hub/client'
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/** What an observable holds, for a template; `from` may come and go. */
export const useObserved = <T>(
  from: () => Observable<T> | undefined,
  nothing: T,
): Readonly<ShallowRef<T>> => {
  const value = shallowRef(nothing)
  let stop: () => void = () => undefined
  watch(
    from,
    (observable) => {
      stop()
      value.value = nothing
      stop = observable?.subscribe((now) => (value.value = now)) ?? ((): void => undefined)
    },
    { immediate: true, flush: 'sync' },
  )
  onScopeDispose(() => stop())
  return value
}
