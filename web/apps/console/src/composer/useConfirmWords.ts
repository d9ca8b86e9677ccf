import type { LadderRow } from '@hub/contract'
import { count, filled, roadsOf, useComposer } from '@hub/features'
import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'

/** One sentence saying what will happen, to how many, and what it may cost. */
export const useConfirmWords = (ladder: Ref<LadderRow | undefined>) => {
  const composer = useComposer()
  const { t } = useI18n()
  const say = (key: string, values: Record<string, unknown> = {}): string =>
    t(`broadcasts.composer.${key}`, values)

  const when = computed(() => {
    if (composer.draft.approval) return say('sentence_approval')
    return composer.draft.when === 'now'
      ? say('sentence_now')
      : say('sentence_later', { time: composer.draft.sendAt })
  })
  const kinds = computed(() =>
    Object.entries(composer.count?.kinds ?? {})
      .filter(([, n]) => n > 0)
      .map(([kind, n]) => `${t(`directory.kind.${kind}`)} ${count(n)}`)
      .join(t('page.comma')),
  )
  const answer = computed(() => {
    const labels = composer.draft.options.map((option) => option.label)
    return labels.length ? say('sentence_answer', { options: labels.join(' / ') }) : ''
  })
  const sentence = computed(() =>
    say('sentence', {
      when: when.value,
      n: count(composer.count?.total ?? 0),
      kinds: kinds.value,
      drill: composer.draft.drill ? t('broadcasts.drill_mark') : '',
      priority: t(`broadcasts.priority.${composer.draft.priority}`),
      title: filled(composer.draft.title, composer.draft.variables),
      answer: answer.value,
    }),
  )
  const having = (road: 'sms' | 'voice'): number =>
    ladder.value && roadsOf(ladder.value.rungs).includes(road)
      ? (composer.count?.roads[road] ?? 0)
      : 0
  const cost = computed(() => {
    const segments = composer.count?.sms_segments ?? 0
    return say('sentence_cost', {
      segments,
      all: count(having('sms') * segments),
      calls: count(having('voice')),
    })
  })
  const until = computed(() =>
    composer.draft.expiresAt ? say('sentence_until', { time: composer.draft.expiresAt }) : '',
  )
  return { sentence, cost, until }
}
