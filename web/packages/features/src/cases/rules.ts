import { shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useHub } from '../page/hub'
import type { RuleSetRow } from './shapes'

/** The numbers of a stream: of the version named, or of the one new cases get today. */
export const useRules = (
  stream: MaybeRefOrGetter<string>,
  version: MaybeRefOrGetter<string | undefined> = undefined,
) => {
  const hub = useHub()
  const rules = shallowRef<Record<string, unknown>>({})
  watch(
    () => [toValue(stream), toValue(version)] as const,
    async ([name, wanted]) => {
      if (!name) return
      const found = await hub.view<RuleSetRow>('case_rules', { stream: name }).catch(() => null)
      if (name !== toValue(stream)) return
      const named = found?.rows.find((row) => String(row.version) === wanted)
      rules.value = (named ?? found?.rows.find(({ now }) => now))?.rules ?? {}
    },
    { immediate: true },
  )
  return rules
}
