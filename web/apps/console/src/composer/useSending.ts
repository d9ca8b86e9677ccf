import { useComposer, useSelection } from '@hub/features'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { tell } from '../kit/wish'

const SAID: Record<string, string> = { awaiting_approval: 'submitted', scheduled: 'scheduled' }

/** Sends the draft once and shows its board. */
export const useSending = () => {
  const composer = useComposer()
  const selection = useSelection()
  const router = useRouter()
  const { t } = useI18n()

  const ready = computed(() => composer.gaps.every((gap) => gap.length === 0) && !composer.counting)
  const send = async (): Promise<void> => {
    const sent = await composer.send()
    if (!sent) return
    selection.clear()
    tell(t(`broadcasts.composer.${SAID[sent.state] ?? 'sent'}`, { n: sent.recipients }))
    await router.push({ name: 'board', params: { id: sent.broadcast } })
  }
  return { ready, send }
}
