import { uuid7 } from '@hub/client'
import type { BroadcastSent } from '@hub/contract'
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { useAction } from '../page/action'
import { useHub } from '../page/hub'
import { useSession } from '../session/session'
import { changeWhom, type WhomAction } from './audience'
import { debounced, PAUSE, useCounter } from './counter'
import { commandOf, emptyDraft, keepDraft, keptDraft, missing, type Draft } from './draft'

/** The one sheet a notice is written on; it outlives the page it was opened from. */
export const useComposer = defineStore('composer', () => {
  const hub = useHub()
  const session = useSession()
  const owner = (): string => session.me?.id ?? ''
  const open = ref(false)
  const draft = ref<Draft>(emptyDraft(uuid7()))
  const { count, counting, problem: countProblem } = useCounter(draft, open)

  const keep = debounced(() => open.value && keepDraft(owner(), draft.value), PAUSE)
  watch(draft, keep, { deep: true })

  const begin = (orgs: string[] = []): void => {
    draft.value = keptDraft(owner()) ?? emptyDraft(uuid7())
    if (orgs.length) draft.value.whom = changeWhom(draft.value.whom, { do: 'orgs', orgs })
    open.value = true
  }
  const restart = (): void => {
    draft.value = emptyDraft(uuid7())
    keepDraft(owner(), null)
  }
  const sending = useAction(async () => {
    const sent = await hub.ask<BroadcastSent>('SendBroadcast', commandOf(draft.value))
    restart()
    open.value = false
    return sent
  })
  const reached = computed(() => (counting.value ? null : (count.value?.total ?? null)))

  return {
    open,
    draft,
    count,
    counting,
    countProblem,
    gaps: computed(() => missing(draft.value, hub.clock.now(), reached.value)),
    begin,
    restart,
    whom: (action: WhomAction) => (draft.value.whom = changeWhom(draft.value.whom, action)),
    send: sending.go,
    sending: sending.pending,
    sendProblem: sending.problem,
  }
})
