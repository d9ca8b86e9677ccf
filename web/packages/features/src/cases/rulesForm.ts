import type { HubProblem } from '@hub/client'
import { computed, reactive, ref } from 'vue'
import { faultsOf, placeOf, sentOf, taken, type Values } from './form'
import { fieldsOf, type Schema } from './schema'
import type { Pair, RuleSetRow } from './shapes'
import { linesOf, type Line } from './shown'

/** Fields that a page fills in and sends by itself. */
export const useFields = (schema: Schema, first: Values) => {
  const fields = fieldsOf(schema)
  const values = ref<Values>(reactive(taken(fields, structuredClone(first))))
  const tried = ref(false)
  return {
    fields,
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

/** A rule set as it is read. */
export const linesOfRules = (row: RuleSetRow, said: (pair: Pair) => string): Line[] =>
  linesOf(fieldsOf(row.form), row.rules, {
    life: undefined,
    rules: row.rules,
    said,
    nameOf: (ref) => ref,
    yes: '✓',
    no: '✗',
  })
