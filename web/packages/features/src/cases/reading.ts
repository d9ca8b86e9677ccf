import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { useI18n } from 'vue-i18n'
import type { LifeRow } from './shapes'
import type { Reading } from './shown'
import { useSaid } from './words'

interface Known {
  life: LifeRow | undefined
  rules: Record<string, unknown>
  names: Record<string, string>
}

/** How values of a case are read aloud: codes by the stream's words, refs by the names that are known. */
export const useReading = (known: MaybeRefOrGetter<Known>) => {
  const { t } = useI18n()
  const said = useSaid()
  return computed<Reading>(() => {
    const { life, rules, names } = toValue(known)
    return {
      life,
      rules,
      said,
      nameOf: (ref) => names[ref] ?? ref,
      yes: t('cases.yes'),
      no: t('cases.no'),
    }
  })
}
