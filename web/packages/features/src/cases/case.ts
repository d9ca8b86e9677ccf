import type { Uuid } from '@hub/contract'
import { computed, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useRows } from '../page/rows'
import { useCases } from './desk'
import { useRules } from './rules'
import { fieldsOf } from './schema'
import type { CaseDetail, CaseVersion, StepRow, TrailRow } from './shapes'

const isCase = (pick: string): boolean => /^case(:|$)/.test(pick)

/** Everything of one case that this person may see, as it is now. */
export const useCase = (id: MaybeRefOrGetter<Uuid>) => {
  const cases = useCases()
  const told = useRows<CaseVersion>('case_version', () => ({ case: toValue(id) }))
  const version = computed(() => told.byKey.value.get(toValue(id))?.version)
  /** Read when the version is known: whatever changes from then on is told. */
  const asked = () => (version.value === undefined ? null : { case: toValue(id) })
  const rows = useRows<CaseDetail>('case', asked, { still: true })
  const trail = useRows<TrailRow>('case_trail', asked, { still: true })
  const steps = useRows<StepRow>('case_steps', asked, { still: true, key: 'command' })
  const detail = computed(() => rows.byKey.value.get(toValue(id)))
  const stream = computed(() => detail.value?.row.stream ?? '')

  const refresh = (): void => {
    rows.refresh()
    trail.refresh()
    steps.refresh()
  }
  watch(version, (now, before) => {
    if (now !== undefined && before !== undefined) refresh()
  })
  const rules = useRules(stream, () => detail.value?.rules)
  /** A case that this one speaks of by its number alone: the draft of a comment. */
  const spokenOf = computed(() => {
    const fields = cases.lifeOf(stream.value)?.steps.flatMap(({ form }) => fieldsOf(form)) ?? []
    const found = fields.find(({ pick, name }) => isCase(pick) && detail.value?.facts[name])
    return found ? String(detail.value?.facts[found.name]) : ''
  })
  const other = useRows<CaseDetail>(
    'case',
    () => (spokenOf.value ? { case: spokenOf.value } : null),
    { still: true },
  )
  /** What those in this case are called. */
  const names = computed(() => {
    const parties = Object.values(detail.value?.parties ?? {}).flat()
    const files = detail.value?.files ?? []
    return Object.fromEntries([
      ...parties.flatMap(({ ref, name }) => [
        [ref, name],
        [ref.split(':').pop(), name],
      ]),
      ...trail.rows.value.flatMap(({ by, names }) => [
        [by.ref, by.name],
        ...Object.entries(names ?? {}),
      ]),
      ...files.map((file) => [file.id, file.name]),
    ]) as Record<string, string>
  })
  /** And whoever else is named in what was filled in. */
  const allNames = computed(() => ({
    ...cases.places.value,
    ...Object.fromEntries(other.rows.value.map(({ id: ref, row }) => [ref, row.title])),
    ...names.value,
  }))
  return {
    detail,
    stream,
    life: computed(() => cases.lifeOf(stream.value)),
    rules,
    names,
    allNames,
    trail: computed(() => [...trail.rows.value].sort((a, b) => b.version - a.version)),
    steps: computed(() => steps.rows.value),
    ready: rows.ready,
    problem: computed(() => rows.problem.value ?? told.problem.value),
    refresh,
  }
}

export type ShownCase = ReturnType<typeof useCase>
