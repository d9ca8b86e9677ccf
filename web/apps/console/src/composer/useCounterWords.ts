import type { Channel } from '@hub/contract'
import { CHANNELS, count, useComposer } from '@hub/features'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

/** The live counter in one sentence: how many, by which first road, and who has none. */
export const useCounterWords = () => {
  const composer = useComposer()
  const { t } = useI18n()
  const roads = computed(() =>
    CHANNELS.map((channel: Channel) => ({
      channel,
      n: composer.count?.first[channel] ?? 0,
    })).filter(({ n }) => n > 0),
  )
  const sentence = computed(() => {
    const now = composer.count
    if (!now)
      return composer.counting
        ? t('broadcasts.composer.counter_pending')
        : t('broadcasts.composer.counter_none')
    const parts = roads.value.map(
      ({ channel, n }) => `${t(`broadcasts.channel.${channel}`)} ${count(n)}`,
    )
    parts.push(t('broadcasts.composer.without', { n: now.without_total }))
    return `${t('broadcasts.composer.counter', { n: count(now.total) })}${t('page.colon')}${parts.join(' · ')}`
  })
  return { roads, sentence }
}
