import type { NoticeRow, ReplyOption } from '@hub/contract'
import { computed, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useAction } from '../page/action'
import { useInbox } from './inbox'
import { kept } from './kept'
import { firstOption, optionsOf } from './standing'

/** Answering one notice: a touch, a reason where one is asked for, and what came of it. */
export const useAnswer = (notice: () => NoticeRow) => {
  const inbox = useInbox()
  const { t } = useI18n()
  const asking = shallowRef<ReplyOption | null>(null)
  const chosen = ref('')
  // The hub takes only replies that were offered; a notice without options takes an empty one.
  const action = useAction((option: ReplyOption, reason: string) =>
    inbox.answer(notice().id, notice().options.length ? option.code : '', reason),
  )
  const draft = useDraft(() => notice().id)
  const options = computed(() => optionsOf(notice(), t('notices.received')))

  const send = async (option: ReplyOption, reason = ''): Promise<boolean> => {
    chosen.value = option.code
    const sent = await action.go(option, reason.trim())
    if (sent && asking.value) draft.value = ''
    if (sent) asking.value = null
    return sent !== undefined
  }
  const choose = async (option: ReplyOption): Promise<boolean> => {
    if (!option.needs_reason) return send(option)
    action.problem.value = null
    asking.value = option
    return false
  }
  return {
    options,
    first: computed(() => firstOption(options.value)),
    others: computed(() => options.value.filter((option) => option !== firstOption(options.value))),
    /** The option that waits for its reason. */
    asking,
    draft,
    chosen,
    pending: action.pending,
    problem: action.problem,
    choose,
    send,
    back: () => (asking.value = null),
  }
}

/** Kept as typed, for this notice. */
const useDraft = (delivery: () => string) => {
  const place = () => kept<string>(`hub.reason.${delivery()}`, '')
  const draft = ref(place().read())
  watch(delivery, () => (draft.value = place().read()))
  watch(draft, (words) => (words ? place().write(words) : place().clear()))
  return draft
}
