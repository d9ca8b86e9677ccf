import type { NameRow, SearchRow } from '@hub/contract'
import { computed, type Ref } from 'vue'
import { useRows } from '../page/rows'
import { useSettled } from '../page/settled'

export const LONGEST = 60
export const SIZE = 20
/** The stream under which laws, news and papers are found. */
export const DOCUMENTS = 'law_documents'
const FEW = 8

/** As many letters as the hub takes; an emoji is one. */
export const bounded = (text: string): string => [...text].slice(0, LONGEST).join('')

interface Asked {
  text: Ref<string>
  /** A stream; empty: everything. */
  kind: Ref<string>
  page: Ref<number>
}

/** What the hub finds for the words as they stand, a page at a time; with `names` also who and where is called so. */
export const useSearching = ({ text, kind, page }: Asked, { names }: { names: boolean }) => {
  const settled = useSettled(text)
  const words = computed(() => bounded(settled.value.trim()))
  const found = useRows<SearchRow>(
    'search',
    () =>
      words.value
        ? {
            q: words.value,
            kinds: kind.value ? [kind.value] : [],
            page: page.value,
            size: SIZE,
          }
        : null,
    { still: true },
  )
  const called = useRows<NameRow>(
    'search_names',
    () => (names && words.value && page.value === 1 ? { q: words.value, limit: FEW } : null),
    { still: true },
  )
  return {
    words,
    found,
    called: computed(() => (words.value ? called.rows.value : [])),
    pages: computed(() => Math.max(1, Math.ceil(found.total.value / SIZE))),
  }
}
