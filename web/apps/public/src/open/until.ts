import type { PublicDraft } from '@hub/contract'
import { dayOf, useHub } from '@hub/features/page'
import { useI18n } from 'vue-i18n'

const DAY = 86_400_000

/** How long one may still comment, in words. */
export const useUntil = () => {
  const { t } = useI18n()
  const hub = useHub()
  return ({ open, until }: Pick<PublicDraft, 'open' | 'until'>): string => {
    if (!open) return t('open.drafts.closed', { day: until })
    const left = Math.round((Date.parse(until) - Date.parse(dayOf(hub.clock.now()))) / DAY)
    const rest = left > 0 ? t('open.drafts.left', { n: left }) : t('open.drafts.last')
    return `${t('open.drafts.until', { day: until })} · ${rest}`
  }
}
