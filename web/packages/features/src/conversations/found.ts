import type { FoundRow } from '@hub/contract'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { useHub } from '../page/hub'
import { useRows } from '../page/rows'
import { useSettled } from '../page/settled'

const PAGE = 30

/** Around the first hit, with the hits apart from the rest. */
export const cutAt = (
  text: string,
  word: string,
  before = 16,
): { text: string; hit: boolean }[] => {
  const low = text.toLowerCase()
  const sought = word.toLowerCase()
  const first = sought ? low.indexOf(sought) : -1
  if (first < 0) return [{ text, hit: false }]
  const start = Math.max(0, first - before)
  return [
    { text: `${start > 0 ? '…' : ''}${text.slice(start, first)}`, hit: false },
    { text: text.slice(first, first + word.length), hit: true },
    { text: text.slice(first + word.length), hit: false },
  ].filter((part) => part.text)
}

/** What was said with these words in it, the newest first; `more` goes further back. */
export const useFound = (typed: Ref<string>, where: { seat?: string; conversation?: string }) => {
  const hub = useHub()
  const text = useSettled(typed)
  const word = computed(() => text.value.trim())
  const first = useRows<FoundRow>(
    'message_search',
    () => (word.value ? { ...where, text: word.value, limit: PAGE } : null),
    { still: true },
  )
  const older = shallowRef<FoundRow[]>([])
  const done = ref(false)
  watch(word, () => {
    older.value = []
    done.value = false
  })
  const rows = computed(() => (word.value ? [...first.rows.value, ...older.value] : []))
  const more = async (): Promise<void> => {
    const before = rows.value.at(-1)?.place
    const sought = word.value
    const asked = { ...where, text: sought, limit: PAGE, before }
    const answer = await hub.view<FoundRow>('message_search', asked)
    if (sought !== word.value) return
    older.value = [...older.value, ...answer.rows]
    done.value = answer.rows.length < PAGE
  }
  return {
    word,
    rows,
    more,
    problem: first.problem,
    searched: computed(() => word.value !== '' && first.ready.value && !first.busy.value),
    hasMore: computed(() => !done.value && rows.value.length > 0 && rows.value.length % PAGE === 0),
  }
}
