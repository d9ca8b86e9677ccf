import { useRows, useSettled, type useFilters } from '@hub/features'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { choicesOf, type Filter } from '../lists/filter'

interface Stated {
  id: string
  state: string
}

interface Wish<R extends Stated> {
  /** Rows of a page. */
  size: number
  /** The key of what the search box says while empty, and its name in tests. */
  text: string
  test: string
  states: readonly string[]
  /** The key below which their words stand. */
  words: string
  /** Shown only to who asks for it. */
  gone: R['state']
  /** What else the view is asked for. */
  more?: () => object
  /** What is told of the whole list may not belong to the part that was asked for: what its search looks into, and the rest. */
  says?: (row: R) => string
  fits?: (row: R) => boolean
}

/** A list of this room: searched by words, narrowed by state, a page at a time, all of it in the address. */
export const useLiveList = <R extends Stated>(
  view: string,
  filters: ReturnType<typeof useFilters>,
  wish: Wish<R>,
) => {
  const { t } = useI18n()
  const page = filters.page()
  const [text, state] = [filters.word('text'), filters.word('state')]
  const asked = useSettled(text)
  const source = useRows<R>(view, () => ({
    text: asked.value,
    state: state.value ? [state.value] : [],
    ...wish.more?.(),
    limit: wish.size,
    offset: (page.value - 1) * wish.size,
  }))
  const shown = computed(() =>
    source.rows.value.filter(
      (row) =>
        (state.value ? row.state === state.value : row.state !== wish.gone) &&
        (wish.says?.(row).toLowerCase().includes(asked.value.toLowerCase()) ?? true) &&
        (wish.fits?.(row) ?? true),
    ),
  )
  const byText: Filter = {
    kind: 'text',
    value: text,
    label: wish.text,
    width: 240,
    test: wish.test,
  }
  const byState: Filter = {
    kind: 'one',
    value: state,
    label: 'live.list.state',
    width: 140,
    choices: choicesOf(wish.states, (one) => t(`${wish.words}.${one}`)),
  }
  return { source, shown, page, byText, byState }
}
