import type { Field } from './schema'

export type Values = Record<string, unknown>
/** Why a field cannot be sent as it stands; `n` is the limit. */
export interface Fault {
  why: 'needed' | 'short' | 'long' | 'least' | 'most' | 'few' | 'many' | 'number'
  n: number
}
/** By path: `title`, `units.0.unit`. */
export type Faults = Record<string, Fault>

const EMPTY: Record<Field['kind'], unknown> = {
  text: '',
  choice: '',
  day: '',
  moment: '',
  number: '',
  tick: false,
  pick: '',
  group: null,
}

const blankOne = (field: Field): unknown =>
  field.kind === 'group' ? blankOf(field.fields) : EMPTY[field.kind]

export const anotherOf = (field: Field): unknown => blankOne({ ...field, many: false })

/** What a form shows before anybody has typed. */
export const blankOf = (fields: readonly Field[]): Values =>
  Object.fromEntries(
    fields.map((field) => [field.name, field.many ? startMany(field) : startOne(field)]),
  )

const startMany = (field: Field): unknown[] => {
  if (Array.isArray(field.start) && field.start.length) return [...(field.start as unknown[])]
  return field.kind === 'group' && (field.least ?? 0) > 0 ? [anotherOf(field)] : []
}

const startOne = (field: Field): unknown => {
  if (field.kind === 'group')
    return { ...blankOf(field.fields), ...(field.start as object | undefined) }
  return field.start ?? EMPTY[field.kind]
}

/** What was begun before, where it still fits the form. */
export const taken = (fields: readonly Field[], before: Values): Values => {
  const blank = blankOf(fields)
  return Object.fromEntries(
    fields.map(({ name, many }) => {
      const was = before[name]
      const fits = was !== undefined && Array.isArray(was) === many
      return [name, fits ? was : blank[name]]
    }),
  )
}

/** Letters as a person counts them: an emoji is one. */
export const lettersOf = (text: string): number => [...text].length

const isEmpty = (value: unknown): boolean =>
  value === '' ||
  value === null ||
  value === undefined ||
  (typeof value === 'string' && !value.trim()) ||
  (Array.isArray(value) && value.length === 0)

/** A group in which nothing was filled in, and which nobody asks for. */
const isIdle = (field: Field, value: unknown): boolean =>
  field.kind === 'group' &&
  !field.many &&
  !field.needed &&
  field.fields.every(
    (each) => isEmpty((value as Values | null)?.[each.name]) || each.kind === 'tick',
  )

const sentOne = (field: Field, value: unknown): unknown => {
  if (field.kind === 'group') return sentOf(field.fields, (value ?? {}) as Values)
  if (field.kind === 'number') return Number(value)
  return typeof value === 'string' ? value.trim() : value
}

const sentField = (field: Field, value: unknown): unknown => {
  if (isIdle(field, value)) return undefined
  if (field.many) return (Array.isArray(value) ? value : []).map((one) => sentOne(field, one))
  return isEmpty(value) ? undefined : sentOne(field, value)
}

/** What leaves for the hub: fields left empty are left out, so that the hub's own defaults hold. */
export const sentOf = (fields: readonly Field[], values: Values): Values =>
  Object.fromEntries(
    fields
      .map((field) => [field.name, sentField(field, values[field.name])] as const)
      .filter(([, value]) => value !== undefined),
  )

const past = (
  size: number,
  { least, most }: Field,
  [under, over]: readonly [Fault['why'], Fault['why']],
): Fault | null => {
  if (least !== null && size < least) return { why: under, n: least }
  return most !== null && size > most ? { why: over, n: most } : null
}

const faultOfOne = (field: Field, value: unknown): Fault | null => {
  if (field.kind === 'number') {
    const number = Number(value)
    if (!Number.isFinite(number)) return { why: 'number', n: 0 }
    return past(number, field, ['least', 'most'])
  }
  return field.kind === 'text'
    ? past(lettersOf(String(value).trim()), field, ['short', 'long'])
    : null
}

const faultsOfMany = (field: Field, value: unknown, path: string): Faults => {
  const all = Array.isArray(value) ? (value as unknown[]) : []
  const counted = past(all.length, field, ['few', 'many'])
  const own: Faults = counted ? { [path]: counted } : {}
  if (field.kind !== 'group') return own
  return all.reduce<Faults>(
    (found, one, at) => ({ ...found, ...faultsOf(field.fields, one as Values, `${path}.${at}.`) }),
    own,
  )
}

const faultsOfField = (field: Field, value: unknown, path: string): Faults => {
  if (isEmpty(value)) return field.needed ? { [path]: { why: 'needed', n: 0 } } : {}
  if (field.many) return faultsOfMany(field, value, path)
  if (isIdle(field, value)) return {}
  if (field.kind === 'group') return faultsOf(field.fields, value as Values, `${path}.`)
  const fault = faultOfOne(field, value)
  return fault ? { [path]: fault } : {}
}

export const faultsOf = (fields: readonly Field[], values: Values, under = ''): Faults =>
  fields.reduce<Faults>(
    (found, field) => ({
      ...found,
      ...faultsOfField(field, values[field.name], `${under}${field.name}`),
    }),
    {},
  )

/** The hub names a field `form.units[0].unit`, this page `units.0.unit`; empty: it belongs to no field of the form. */
export const placeOf = (field: string, fields: readonly Field[]): string => {
  const path = field
    .replace(/^\$?\.?(form\.)?/, '')
    .replaceAll(/\[(\d+|\.\.\.)\]/g, '.$1')
    .replace(/\.\.\.$/, '0')
  return fields.some(({ name }) => name === path.split('.')[0]) ? path : ''
}

/** A sentence about a thing inside a field is said at the innermost place that is drawn. */
export const saidAt = (place: string, path: string, isInner: boolean): boolean =>
  place === path || (isInner && place.startsWith(`${path}.`))
