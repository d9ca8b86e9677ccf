import type { AudienceCount } from '@hub/contract'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { useAction } from '../page/action'
import { useHub } from '../page/hub'
import { VIEW } from '../page/views'
import { audienceOf, namesAnybody } from './audience'
import type { Draft } from './draft'
import { filled } from './text'

export const PAUSE = 350

export const debounced = (run: () => void, millis: number): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  return () => {
    clearTimeout(timer)
    timer = setTimeout(run, millis)
  }
}

const questionOf = (draft: Draft): string =>
  JSON.stringify({
    audience: audienceOf(draft.whom),
    priority: draft.priority,
    ladder: draft.ladder,
    text: filled(draft.text, draft.variables).slice(0, 2000),
  })

/** How many the draft reaches and by which roads, asked again when the operator pauses. */
export const useCounter = (draft: Ref<Draft>, open: Ref<boolean>) => {
  const hub = useHub()
  const count = shallowRef<AudienceCount | null>(null)
  const counting = ref(false)
  const question = computed(() => questionOf(draft.value))

  const settle = (value: AudienceCount | null): void => {
    count.value = value
    counting.value = false
  }
  const asking = useAction(async (asked: string) => {
    const { rows } = await hub.view<AudienceCount>(VIEW.audience, JSON.parse(asked) as object)
    if (asked === question.value) settle(rows[0] ?? null)
    else later()
  })
  const later = debounced(() => {
    if (!open.value) return
    if (!namesAnybody(draft.value.whom)) settle(null)
    else if (asking.pending.value) later()
    else void asking.go(question.value)
  }, PAUSE)
  watch([question, open], () => {
    counting.value = true
    later()
  })
  return { count, counting, problem: asking.problem }
}
