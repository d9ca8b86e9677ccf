import { fieldsOf, type Field } from './schema'
import type { CaseRow, LifeRow, Pair } from './shapes'
import { textOf, type Reading } from './shown'

/** One column of a stream's list. `field`: how a fact is drawn; what every case has stands in the row itself. */
export interface Listed {
  name: string
  /** Empty where the screen has words of its own. */
  label: Pair
  field: Field | null
}

const OF_ROWS = 'number title kind topic state lead unit waits due opened'.split(' ')

const byName = (fields: readonly Field[]): Map<string, Field> =>
  new Map([...fields].reverse().map((field) => [field.name, field]))

/** What the list of a stream shows, as its life says. */
export const listedOf = (life: LifeRow): Listed[] => {
  const asked = byName(life.steps.flatMap(({ form }) => fieldsOf(form)))
  const known = byName(fieldsOf({ properties: life.facts }))
  return life.columns.map(({ name, zh, en }) => ({
    name,
    label: [zh, en],
    field: OF_ROWS.includes(name) ? null : (asked.get(name) ?? known.get(name) ?? null),
  }))
}

/** The facts of a row that its list shows, each beside its name: what a narrow card says of it. */
export const factsOf = (row: CaseRow, listed: readonly Listed[], reading: Reading) =>
  listed.flatMap(({ name, label, field }) => {
    const text = field ? textOf(field, row.shown[name], reading) : ''
    return text ? [{ name, label, text }] : []
  })
