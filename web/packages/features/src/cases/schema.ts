/** The part of JSON Schema that msgspec writes for a form. */
export interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  title?: string
  description?: string
  type?: string
  format?: string
  enum?: unknown[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  default?: unknown
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  /** Chosen from a list the screen knows: person, deputy, unit, district, file, case, word:…, rule:… */
  pick?: string
  /** Lines of text. */
  rows?: number
  /** To know while filling it in, Chinese and English. */
  hint?: string
  /** How nothing, or zero, is read. */
  blank?: string
  /** Asked of `staff` alone, or when `<field>:<code>` was chosen. */
  only?: string
}

export type FieldKind = 'text' | 'choice' | 'day' | 'moment' | 'number' | 'tick' | 'pick' | 'group'

export interface Field {
  name: string
  /** Chinese and English. */
  label: readonly [zh: string, en: string]
  kind: FieldKind
  /** Several of them. */
  many: boolean
  needed: boolean
  /** What the hub takes it for where it is left out. */
  start: unknown
  rows: number
  pick: string
  /** What is picked goes as a bare UUID, not as a ref. */
  bare: boolean
  choices: string[]
  hint: readonly [zh: string, en: string]
  blank: readonly [zh: string, en: string]
  only: string
  /** Of letters, of the number, or of how many; as `kind` and `many` say. */
  least: number | null
  most: number | null
  /** Of one group. */
  fields: Field[]
}

const LONG = 200
const FORMATS: Record<string, FieldKind> = { date: 'day', 'date-time': 'moment' }
const TYPES: Record<string, FieldKind> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'tick',
  object: 'group',
}

const named = (schema: Schema, defs: Record<string, Schema>): Schema => {
  const name = schema.$ref?.split('/').pop()
  // What stands beside a reference belongs to the field: its title comes before that of its type.
  return name ? { ...named(defs[name] ?? {}, defs), ...schema, $ref: undefined } : schema
}

/** Without the null: a field that may be empty is drawn as what it is otherwise. */
const solid = (schema: Schema, defs: Record<string, Schema>): Schema => {
  const whole = named(schema, defs)
  const one = whole.anyOf?.find((each) => each.type !== 'null')
  return one
    ? { ...solid(one, defs), ...whole, ...solid(one, defs), default: whole.default }
    : whole
}

export const wordsOf = (title: string, name: string): readonly [string, string] => {
  const [zh = '', en = ''] = title.split('|')
  return [zh || name, en || zh || name]
}

const saying = (words = ''): readonly [string, string] => wordsOf(words, '')
const asking = ({ hint, blank, only = '' }: Schema) => ({
  hint: saying(hint),
  blank: saying(blank),
  only,
})

const kindOf = (schema: Schema): FieldKind => {
  if (schema.enum) return 'choice'
  if (schema.pick) return 'pick'
  return FORMATS[schema.format ?? ''] ?? TYPES[schema.type ?? ''] ?? 'text'
}

type Bounds = readonly ['minItems' | 'minimum' | 'minLength', 'maxItems' | 'maximum' | 'maxLength']
const COUNTED: Bounds = ['minItems', 'maxItems']
const MEASURED: Bounds = ['minLength', 'maxLength']
const BOUNDED: Partial<Record<FieldKind, Bounds>> = { number: ['minimum', 'maximum'] }

const boundsOf = (
  schema: Schema,
  kind: FieldKind,
  many: boolean,
): [number | null, number | null] => {
  const [least, most] = many ? COUNTED : (BOUNDED[kind] ?? MEASURED)
  return [schema[least] ?? null, schema[most] ?? null]
}

const rowsOf = (schema: Schema): number =>
  schema.rows ?? (schema.type === 'string' && (schema.maxLength ?? 0) > LONG ? 4 : 1)

/** Beside what is required: what may not be empty, and for which the hub has nothing to put in. */
const isNeeded = (schema: Schema, kind: FieldKind, least: number | null): boolean =>
  kind !== 'number' && (least ?? 0) > 0 && schema.default === undefined

const choicesIn = ({ enum: codes = [] }: Schema): string[] => codes.map(String)
const pickOf = (whole: Schema, one: Schema): string => whole.pick ?? one.pick ?? ''

const drawn = (whole: Schema, one: Schema, kind: FieldKind, many: boolean) => {
  const [least, most] = boundsOf(whole, kind, many)
  return {
    ...asking(whole),
    many,
    start: whole.default,
    rows: rowsOf(one),
    pick: pickOf(whole, one),
    bare: one.format === 'uuid',
    choices: choicesIn(one),
    least,
    most,
  }
}

const fieldOf = (
  name: string,
  schema: Schema,
  required: boolean,
  defs: Record<string, Schema>,
): Field => {
  const whole = solid(schema, defs)
  const many = whole.type === 'array'
  const one = many ? solid(whole.items ?? {}, defs) : whole
  const kind = kindOf(many ? { ...one, pick: whole.pick ?? one.pick } : one)
  const seen = drawn(whole, one, kind, many)
  return {
    ...seen,
    name,
    label: wordsOf(whole.title ?? '', name),
    kind,
    needed: required || isNeeded(whole, kind, seen.least),
    fields: kind === 'group' ? fieldsIn(one, defs) : [],
  }
}

const fieldsIn = (schema: Schema, defs: Record<string, Schema>): Field[] =>
  Object.entries(schema.properties ?? {}).map(([name, each]) =>
    fieldOf(name, each, schema.required?.includes(name) ?? false, defs),
  )

/** The fields of a form in their order. */
export const fieldsOf = (schema: Schema): Field[] => {
  const defs = schema.$defs ?? {}
  return fieldsIn(named(schema, defs), defs)
}

const schemaOf = (value: unknown): Schema => {
  if (Array.isArray(value)) return { type: 'array', items: schemaOf(value[0]) }
  if (typeof value !== 'object' || !value) return { type: typeof value }
  const inner = Object.entries(value).map(([name, each]) => [name, schemaOf(each)] as const)
  return { type: 'object', properties: Object.fromEntries(inner) }
}

/** A field as its value looks, where no schema speaks of it. */
export const drawnOf = (name: string, value: unknown): Field =>
  fieldOf(name, schemaOf(value), false, {})
