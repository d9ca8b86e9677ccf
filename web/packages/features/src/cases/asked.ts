import type { Values } from './form'
import type { Field } from './schema'

const STAFF = 'staff'
/** Filled with what the page shows, so that nobody agrees to a text that was changed meanwhile. */
export const SEEN: Record<string, string> = { seen: 'edition' }

interface Asked {
  /** Somebody at a desk, who may act for a deputy. */
  staff: boolean
  /** How many units are in the case. */
  units: number
}

/** Which of the units is meant, where there is but one. */
const isPlain = ({ pick, needed, many }: Field, { units }: Asked): boolean =>
  pick === 'unit' && !needed && !many && units === 1

const isAsked = (field: Field, values: Values, asked: Asked): boolean => {
  if (field.name in SEEN || isPlain(field, asked)) return false
  if (!field.only) return true
  if (field.only === STAFF) return asked.staff
  const [of = '', codes = ''] = field.only.split(':')
  return !(of in values) || codes.split(',').includes(String(values[of]))
}

/** The fields that matter as the form stands: what belongs to another choice is not asked and not sent. */
export const askedOf = (fields: readonly Field[], values: Values, asked: Asked): Field[] =>
  fields.filter((field) => isAsked(field, values, asked))
