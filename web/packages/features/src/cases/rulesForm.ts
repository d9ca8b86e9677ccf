import type { HubProblem } from '@hub/client'
import { computed, ref } from 'vue'
import { faultsOf, placeOf, sentOf, taken, type Values } from './form'
import { fieldsOf, type Field, type Schema } from './schema'
import type { LifeRow, Pair, RuleSetRow } from './shapes'
import { linesOf, type Line } from './shown'
import { ofRule, wordOf } from './words'

const copied = (values: Values): Values => JSON.parse(JSON.stringify(values)) as Values

/** Fields that a page fills in and sends by itself. */
export const useFields = (fields: readonly Field[], first: Values) => {
  const values = ref<Values>(taken(fields, copied(first)))
  const tried = ref(false)
  return {
    values,
    faults: computed(() => (tried.value ? faultsOf(fields, values.value) : {})),
    /** Nothing is lacking; from the first time on what is lacking is said. */
    whole: (): boolean => {
      tried.value = true
      return Object.keys(faultsOf(fields, values.value)).length === 0
    },
    sent: (): Values => sentOf(fields, values.value),
    complaintOf: (problem: HubProblem | null, under: string) =>
      problem && {
        place: placeOf(
          problem.field.startsWith(under) ? problem.field.slice(under.length) : problem.field,
          fields,
        ),
        text: problem.message,
      },
  }
}

const OF_SPAN: Record<string, Pair> = { n: ['数', 'Number'], unit: ['单位', 'Unit'] }
const OF_ROW: Record<string, Pair> = {
  code: ['代号', 'Code'],
  zh: ['中文', 'Chinese'],
  en: ['英文', 'English'],
  tracked: ['列入承诺跟踪', 'Kept in the ledger of promises'],
  solved: ['计入已解决', 'Counts as solved'],
}

/** Every number has a name: its own, or that of the field which picks from it. */
const labelled = (field: Field, life: LifeRow | undefined): Field => {
  const inner = field.fields.map((each) => {
    const words = OF_SPAN[each.name] ?? OF_ROW[each.name]
    return words ? { ...each, label: words } : each
  })
  const picking = (life?.steps ?? [])
    .flatMap(({ form }) => fieldsOf(form))
    .find(({ pick }) => pick === `rule:${field.name}`)
  const nameless = field.label[0] === field.name
  return {
    ...field,
    ...chosenFrom(field, life),
    fields: inner,
    label: nameless && picking ? picking.label : field.label,
  }
}

/** Codes that the stream has words for are chosen, not typed. */
const chosenFrom = ({ many, kind, start }: Field, life: LifeRow | undefined): Partial<Field> => {
  const codes = many && kind === 'text' && Array.isArray(start) ? (start as string[]) : []
  const table = Object.values(life?.words ?? {}).find(
    (words) => codes.length > 0 && codes.every((code) => code in words),
  )
  return table ? { kind: 'choice', choices: Object.keys(table) } : {}
}

export const fieldsOfRules = (form: Schema, life: LifeRow | undefined): Field[] =>
  fieldsOf(form).map((field) => labelled(field, life))

interface Span {
  n: number
  unit: string
}
const isSpan = (value: unknown): value is Span =>
  typeof value === 'object' && value !== null && 'n' in value && 'unit' in value

const wordsIn = (value: unknown, life: LifeRow | undefined, said: (pair: Pair) => string): string =>
  ofRule(value, life?.words ?? {})
    .map(([, words]) => said(words))
    .join('\n')

/** A rule set as it is read. */
export const linesOfRules = (
  row: RuleSetRow,
  life: LifeRow | undefined,
  said: (pair: Pair) => string,
): Line[] => {
  const fields = fieldsOfRules(row.form, life)
  const read = { life, rules: row.rules, said, nameOf: (ref: string) => ref, yes: '✓', no: '✗' }
  return fields.flatMap((field) => {
    const value = row.rules[field.name]
    const base = { name: field.name, label: field.label, long: false, files: [] }
    if (isSpan(value)) return [{ ...base, text: `${value.n} ${said(wordOf(value.unit, {}))}` }]
    if (field.many && field.kind !== 'number')
      return [{ ...base, text: wordsIn(value, life, said) || '—' }]
    return value === false ? [{ ...base, text: '✗' }] : linesOf([field], row.rules, read)
  })
}
