import { computed, shallowRef, type WritableComputedRef } from 'vue'
import { onBeforeRouteLeave, useRoute, useRouter } from 'vue-router'

const WAIT = 120

/** Filters that live in the address, so that a list can be sent to a colleague or gone back to. */
export const useFilters = () => {
  const route = useRoute()
  const router = useRouter()
  /** Shown at once, though the address follows later: who types fast loses no letter. */
  const waiting = shallowRef<Record<string, string>>({})
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = async (): Promise<void> => {
    const taken = waiting.value
    const query = { ...route.query, ...taken }
    await router.replace({ query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) })
    const left = Object.entries(waiting.value).filter(([name, value]) => taken[name] !== value)
    waiting.value = Object.fromEntries(left)
  }
  const put = (name: string, value: string): void => {
    waiting.value = { ...waiting.value, [name]: value }
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), WAIT)
  }
  // A change of the address while another page is being fetched would call the reader back.
  onBeforeRouteLeave(() => clearTimeout(timer))
  const read = (name: string): string => waiting.value[name] ?? String(route.query[name] ?? '')
  const word = (name: string): WritableComputedRef<string> =>
    computed({ get: () => read(name), set: (value) => put(name, value ?? '') })
  const words = (name: string): WritableComputedRef<string[]> =>
    computed({
      get: () => read(name).split(',').filter(Boolean),
      set: (value) => put(name, value.join(',')),
    })
  const page = (name = 'page'): WritableComputedRef<number> =>
    computed({
      get: () => Math.max(1, Number(read(name)) || 1),
      set: (value) => put(name, value > 1 ? String(value) : ''),
    })
  return { word, words, page }
}
