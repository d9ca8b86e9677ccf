import { spotIn, spotWords } from '../map/spot'
import { dayOf, wholeTime } from '../page/format'
import type { Values } from './form'
import { drawnOf, type Field } from './schema'
import type { FilledField, LifeRow, Pair } from './shapes'
import { choicesOf, isListed } from './words'

/** One thing that was filled in, as it is read. */
export interface Line {
  name: string
  label: Pair
  text: string
  /** Of several lines, read as prose. */
  long: boolean
  files: string[]
}

export interface Reading {
  life: LifeRow | undefined
  rules?: Record<string, unknown>
  nameOf: (ref: string) => string
  said: (pair: Pair) => string
  yes: string
  no: string
}

const LONG = 40

const KINDS: Partial<Record<Field['kind'], (value: unknown, reading: Reading) => string>> = {
  tick: (value, { yes, no }) => (value ? yes : no),
  day: (value) => dayOf(String(value)),
  moment: (value) => wholeTime(String(value)).slice(0, 16),
  pick: (value, { nameOf }) => nameOf(String(value)),
}

const one = (field: Field, value: unknown, reading: Reading): string => {
  if (field.kind === 'group')
    return linesOf(field.fields, value as Values, reading)
      .map(({ label, text }) => `${reading.said(label)} ${text}`)
      .join('；')
  if (!isListed(field)) return KINDS[field.kind]?.(value, reading) ?? String(value)
  const found = choicesOf(field, reading.life, reading.rules).find(([code]) => code === value)
  return found ? reading.said(found[1]) : String(value)
}

const SPLITS: Partial<Record<Field['kind'], string>> = { group: '\n', text: '\n' }

const lineOf = (field: Field, value: unknown, reading: Reading): Line => {
  const all = (field.many ? value : [value]) as unknown[]
  const files = field.pick === 'file' ? all.map(String) : []
  const text = files.length
    ? ''
    : all.map((each) => one(field, each, reading)).join(SPLITS[field.kind] ?? '、')
  const long = text.includes('\n') || text.length > LONG || field.rows > 1
  return { name: field.name, label: field.label, text, long, files }
}

const isSaid = (value: unknown): boolean =>
  value !== null &&
  value !== undefined &&
  value !== '' &&
  value !== false &&
  !(Array.isArray(value) && !value.length)

/** Nothing, or zero, that its stream has words for: no limit, the whole. */
const isBlank = ({ blank }: Field, value: unknown): boolean =>
  blank[0] !== '' && value !== undefined && (!isSaid(value) || value === 0)

const lineIn = (field: Field, value: unknown, reading: Reading): Line[] => {
  const { name, label, blank } = field
  if (isBlank(field, value))
    return [{ name, label, text: reading.said(blank), long: false, files: [] }]
  return isSaid(value) ? [lineOf(field, value, reading)] : []
}

/** One value as it is read; empty where there is nothing to say. */
export const textOf = (field: Field, value: unknown, reading: Reading): string =>
  lineIn(field, value, reading)[0]?.text ?? ''

const SPOT: Pair = ['定位', 'Position']

/** Longitude and latitude are one point, read as one. */
const ONE_POINT: Partial<Record<string, (values: Values, reading: Reading) => Line[]>> = {
  lon: (values, { said }) => {
    const spot = spotIn(values)
    return spot
      ? [{ name: 'lon', label: SPOT, text: said(spotWords(spot)), long: false, files: [] }]
      : []
  },
  lat: () => [],
}

/** What was filled in, line by line; what was left empty is not said. */
export const linesOf = (fields: readonly Field[], values: Values, reading: Reading): Line[] =>
  fields.flatMap(
    (field) =>
      ONE_POINT[field.name]?.(values, reading) ?? lineIn(field, values[field.name], reading),
  )

/** As an event holds it; `fields`: how its form was drawn, where that is known. */
export const linesOfFilled = (
  filled: readonly FilledField[],
  fields: readonly Field[],
  reading: Reading,
): Line[] => {
  const values = Object.fromEntries(filled.map(({ name, value }) => [name, value]))
  return filled
    .filter(({ value }) => isSaid(value))
    .flatMap(({ name, zh, en, value }) => {
      const field = fields.find((each) => each.name === name) ?? drawnOf(name, value)
      const lines = () =>
        lineIn(field, value, reading).map((line) => ({ ...line, label: [zh, en] as const }))
      return ONE_POINT[name]?.(values, reading) ?? lines()
    })
}
