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
  const put = (changes: Record<string, string>): void => {
    waiting.value = { ...waiting.value, ...changes }
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), WAIT)
  }
  // A change of the address while another page is being fetched would call the reader back.
  onBeforeRouteLeave(() => clearTimeout(timer))
  const read = (name: string): string => waiting.value[name] ?? String(route.query[name] ?? '')
  // Another filter is another list, and begins at its first page.
  const narrow = (name: string, value: string): void => put({ [name]: value, page: '' })
  const word = (name: string): WritableComputedRef<string> =>
    computed({ get: () => read(name), set: (value) => narrow(name, value ?? '') })
  /** What is looked at beside the list, which stays as it is. */
  const looked = (name: string): WritableComputedRef<string> =>
    computed({ get: () => read(name), set: (value) => put({ [name]: value }) })
  const words = (name: string): WritableComputedRef<string[]> =>
    computed({
      get: () => read(name).split(',').filter(Boolean),
      set: (value) => narrow(name, value.join(',')),
    })
  const page = (): WritableComputedRef<number> =>
    computed({
      get: () => Math.max(1, Number(read('page')) || 1),
      set: (value) => put({ page: value > 1 ? String(value) : '' }),
    })
  return { word, words, looked, page }
}
