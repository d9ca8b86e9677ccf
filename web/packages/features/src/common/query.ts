import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

const WAIT = 120

/** Filters that live in the address, so that a list can be sent to a colleague or gone back to. */
export const useFilters = () => {
  const route = useRoute()
  const router = useRouter()
  let waiting: Record<string, string | undefined> = {}
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = (): void => {
    const query = { ...route.query, ...waiting }
    waiting = {}
    void router.replace({ query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) })
  }
  const put = (name: string, value: string): void => {
    waiting[name] = value || undefined
    clearTimeout(timer)
    timer = setTimeout(flush, WAIT)
  }
  const word = (name: string): WritableComputedRef<string> =>
    computed({ get: () => String(route.query[name] ?? ''), set: (value) => put(name, value) })
  const words = (name: string): WritableComputedRef<string[]> =>
    computed({
      get: () =>
        String(route.query[name] ?? '')
          .split(',')
          .filter(Boolean),
      set: (value) => put(name, value.join(',')),
    })
  const page = (name = 'page'): WritableComputedRef<number> =>
    computed({
      get: () => Math.max(1, Number(route.query[name] ?? 1) || 1),
      set: (value) => put(name, value > 1 ? String(value) : ''),
    })
  return { word, words, page }
}
