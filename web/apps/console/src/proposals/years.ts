import { dayOf, useFilters, useHub } from '@hub/features'
import { computed } from 'vue'

const YEARS = 8

/** The year that is looked at, kept in the address; `all`: every year may be looked at together. */
export const useYear = ({ all }: { all: boolean }) => {
  const hub = useHub()
  const kept = useFilters().word('year')
  const now = Number(dayOf(hub.clock.now()).slice(0, 4))
  const years = Array.from({ length: YEARS }, (_, back) => String(now - back))
  const word = computed({
    get: () => kept.value || (all ? '' : String(now)),
    set: (next: string) => (kept.value = next),
  })
  return { years, word, year: computed(() => (word.value ? Number(word.value) : null)) }
}
