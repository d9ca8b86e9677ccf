import { useFilters, useSession, useSettled, VIEW } from '@hub/features'
import { useSaid, type CaseFilter, type LifeRow, type Pair } from '@hub/features/cases'
import { useRows } from '@hub/features'
import type { OrganisationRow } from '@hub/contract'
import { computed, type Ref } from 'vue'
import type { Choice, Filter } from '../lists/filter'

const YEARS = 8
const pairs = (table: Record<string, Pair> | undefined, said: (pair: Pair) => string): Choice[] =>
  Object.entries(table ?? {}).map(([value, words]) => ({ value, label: said(words) }))

/** The filters of a list of cases, as they stand in the address. */
export const useCaseFilters = (stream: string, life: Ref<LifeRow | undefined>) => {
  const said = useSaid()
  const session = useSession()
  const { word, page: pageOf } = useFilters()
  const page = pageOf()
  const [text, state, kind, topic] = [word('q'), word('state'), word('kind'), word('topic')]
  const [unit, deputy, year] = [word('unit'), word('deputy'), word('year')]
  const [overdue, mine] = [word('overdue'), word('mine')]
  const asked = useSettled(text)
  const units = useRows<OrganisationRow>(
    VIEW.organisations,
    () => (session.can('directory.view') ? {} : null),
    { still: true },
  )
  const now = new Date().getFullYear()
  const years = Array.from({ length: YEARS }, (_, back) => String(now + 1 - back))

  const params = computed(() => ({
    stream,
    q: asked.value,
    state: state.value,
    kind: kind.value,
    topic: topic.value,
    unit: unit.value,
    deputy: deputy.value,
    year: year.value ? Number(year.value) : null,
    overdue: overdue.value === '1',
    mine: mine.value === '1',
  }))
  const narrowing = computed<CaseFilter>(() => ({
    state: state.value,
    kind: kind.value,
    topic: topic.value,
    year: year.value,
    overdue: overdue.value === '1',
    hidden: Boolean(asked.value || unit.value || deputy.value || mine.value || page.value > 1),
  }))
  const choose = (
    value: Ref<string>,
    name: string,
    width: number,
    choices: () => Choice[],
  ): Filter => ({
    kind: 'one',
    value,
    label: `cases.list.${name}`,
    width,
    choices,
    finds: true,
    test: `cases-${name}`,
  })
  /** Who has come from a figure sees by what the list is narrowed, also where no column shows it. */
  const hasUnits = computed(() => life.value?.columns.some(({ name }) => name === 'unit') ?? false)
  const filters = computed<Filter[]>(() => {
    const all: [Filter, boolean][] = [
      [
        { kind: 'text', value: text, label: 'cases.list.find', width: 200, test: 'cases-find' },
        true,
      ],
      [
        choose(state, 'state', 160, () =>
          (life.value?.states ?? []).map((one) => ({ value: one.name, label: said(one) })),
        ),
        true,
      ],
      [
        choose(kind, 'kind', 110, () => pairs(life.value?.words['kind'], said)),
        Boolean(life.value?.words['kind']),
      ],
      [
        choose(topic, 'topic', 170, () => pairs(life.value?.words['topic'], said)),
        Boolean(life.value?.words['topic']),
      ],
      [
        choose(unit, 'unit', 160, () =>
          units.rows.value
            .filter((row) => row.kind === 'department')
            .map((row) => ({ value: row.id, label: row.short_name || row.name })),
        ),
        session.can('directory.view') && (hasUnits.value || unit.value !== ''),
      ],
      [choose(year, 'year', 100, () => years.map((one) => ({ value: one, label: one }))), true],
    ]
    return all.filter(([, shown]) => shown).map(([filter]) => filter)
  })
  return { page, filters, params, narrowing, deputy, overdue, mine }
}
