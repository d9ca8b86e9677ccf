import { HubProblem } from '@hub/client'
import type { AbilityRow, RelatedRow, SimilarRow } from '@hub/contract'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { useHub } from '../page/hub'
import { useRows } from '../page/rows'
import { useSettled } from '../page/settled'
import type { StepRow } from './shapes'

export type { PassageRow, RelatedRow, SimilarRow } from '@hub/contract'

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

/** A step that asks for the text itself: what is like it is shown beside. */
export const isText = (step: StepRow): boolean => 'title' in (step.form.properties ?? {})

const PAUSE = 800
const LEAST = 4
const MOST_TITLE = 500
const MOST_TEXT = 50_000

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
  const related = shallowRef<RelatedRow[]>([])
  const state = ref<'idle' | 'looking' | 'known'>('idle')
  const abilities = useRows<AbilityRow>('search_abilities', {}, { still: true })
  let turn = 0

  const ask = ({ title, text }: Drafted): Promise<[SimilarRow[], RelatedRow[]]> => {
    const asked = {
      stream,
      title: title.slice(0, MOST_TITLE),
      text: text.slice(0, MOST_TEXT),
      case: of() || null,
    }
    return Promise.all([
      quietly(hub.view<SimilarRow>('similar', asked)),
      quietly(hub.view<RelatedRow>('related', asked)),
    ])
  }
  const look = async (now: Drafted): Promise<void> => {
    const mine = (turn += 1)
    if (now.title.trim().length + now.text.trim().length < LEAST) {
      rows.value = []
      related.value = []
      state.value = 'idle'
      return
    }
    state.value = 'looking'
    const [alike, near] = await ask(now)
    if (mine !== turn) return
    const known = new Set([of(), ...alike.map(({ id }) => id)])
    rows.value = alike
    related.value = near.filter(({ id }) => !known.has(id))
    state.value = 'known'
  }
  watch(settled, (now) => void look(JSON.parse(now) as Drafted), { immediate: true })
  return { rows, related, state, ability: computed(() => abilities.rows.value[0]) }
}
