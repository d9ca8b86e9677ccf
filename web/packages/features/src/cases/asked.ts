import type { Values } from './form'
import type { Field } from './schema'
import type { LifeRow } from './shapes'
import { choicesOf, isListed } from './words'

/** Says for whom a field is: `方案（议案）`, `承诺事项（B 类）`, `代表（工作人员填）`. */
const FOR = /（(.+)）$/
const BY_STAFF = '工作人员填'
/** Filled with what the page shows, so that nobody agrees to a text that was changed meanwhile. */
export const SEEN: Record<string, string> = { seen: 'edition' }

interface Asked {
  life: LifeRow | undefined
  rules: Record<string, unknown>
  /** Somebody at a desk, who may act for a deputy. */
  staff: boolean
  /** How many units are in the case. */
  units: number
}

/** Which choice elsewhere in the form this field belongs to; null: to none. */
const choiceFor = (mark: string, fields: readonly Field[], asked: Asked) => {
  for (const field of fields.filter((each) => isListed(each) && !each.many))
    for (const [code, [zh]] of choicesOf(field, asked.life, asked.rules))
      if (mark === zh || mark === `${code} 类`) return { field: field.name, code }
  return null
}

/** Which of the units is meant, where there is but one. */
const isPlain = ({ pick, needed, many }: Field, { units }: Asked): boolean =>
  pick === 'unit' && !needed && !many && units === 1

const isAsked = (field: Field, fields: readonly Field[], values: Values, asked: Asked): boolean => {
  if (field.name in SEEN || isPlain(field, asked)) return false
  const mark = FOR.exec(field.label[0])?.[1]
  if (!mark) return true
  if (mark === BY_STAFF) return asked.staff
  const choice = choiceFor(mark, fields, asked)
  return !choice || values[choice.field] === choice.code
}

/** The fields that matter as the form stands: what belongs to another choice is not asked and not sent. */
export const askedOf = (fields: readonly Field[], values: Values, asked: Asked): Field[] =>
  fields.filter((field) => isAsked(field, fields, values, asked))
