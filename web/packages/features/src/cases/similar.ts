import { HubProblem } from '@hub/client'
import type { SearchRow, SimilarRow } from '@hub/contract'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { useHub } from '../page/hub'
import { useSettled } from '../page/settled'

export type { PassageRow, SimilarRow } from '@hub/contract'

export interface Drafted {
  title: string
  text: string
}

/** The words of a form as one text, its title apart. */
export const draftedOf = (values: Record<string, unknown>): Drafted => {
  const { title = '', ...others } = values
  const texts = Object.values(others).filter((one) => typeof one === 'string' && one.length > 10)
  return { title: String(title), text: texts.join('\n') }
}

const PAUSE = 800
const LEAST = 4
const LONGEST_QUERY = 60
const FEW = 3

const quietly = <R>(rows: Promise<{ rows: R[] }>): Promise<R[]> =>
  rows.then(
    (found) => found.rows,
    (why: unknown) => {
      if (!(why instanceof HubProblem)) throw why
      return []
    },
  )

/** What is like the text that is being typed, asked after a pause; an older answer never replaces a newer one. */
export const useSimilar = (stream: string, of: () => string, drafted: Ref<Drafted>) => {
  const hub = useHub()
  const typed = computed(() => JSON.stringify(drafted.value))
  const settled = useSettled(typed as Ref<string>, PAUSE)
  const rows = shallowRef<SimilarRow[]>([])
  const related = shallowRef<SearchRow[]>([])
  const state = ref<'idle' | 'looking' | 'known'>('idle')
  let turn = 0

  const ask = ({ title, text }: Drafted): Promise<[SimilarRow[], SearchRow[]]> =>
    Promise.all([
      quietly(hub.view<SimilarRow>('similar', { stream, title, text, case: of() || null })),
      title.trim().length < LEAST
        ? Promise.resolve([])
        : quietly(
            hub.view<SearchRow>('search', { q: title.trim().slice(0, LONGEST_QUERY), size: 8 }),
          ),
    ])
  const look = async (now: Drafted): Promise<void> => {
    const mine = (turn += 1)
    if (now.title.trim().length + now.text.trim().length < LEAST) {
      rows.value = []
      state.value = 'idle'
      return
    }
    state.value = 'looking'
    const [alike, found] = await ask(now)
    if (mine !== turn) return
    const known = new Set([of(), ...alike.map(({ id }) => id)])
    rows.value = alike
    related.value = found.filter(({ id }) => !known.has(id)).slice(0, FEW)
    state.value = 'known'
  }
  watch(settled, (now) => void look(JSON.parse(now) as Drafted), { immediate: true })
  return { rows, related, state }
}
