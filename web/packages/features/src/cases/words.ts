import type { Tone } from '@hub/ui'
import { useI18n } from 'vue-i18n'
import type { Field } from './schema'
import type { LifeRow, Pair } from './shapes'

const TONES: Record<string, Tone> = {
  waiting: 'wait',
  running: 'busy',
  done: 'good',
  refused: 'bad',
}

/** A state's colour and shape. */
export const toneOf = (tone: string): Tone => TONES[tone] ?? 'idle'

/** The half of a pair that is read now. */
export const useSaid = () => {
  const { locale } = useI18n({ useScope: 'global' })
  return (pair: Pair | { zh: string; en: string } | null | undefined): string => {
    if (!pair) return ''
    const [zh, en] = 'zh' in pair ? [pair.zh, pair.en] : pair
    return locale.value === 'en' ? en || zh : zh
  }
}

const RULE = 'rule:'
/** Codes that every stream uses. */
const COMMON: Record<string, Pair> = {
  days: ['日', 'days'],
  workdays: ['个工作日', 'working days'],
  months: ['个月', 'months'],
}
const WORD = 'word:'

const CLASS = /^[A-Z]$/

/** A row of a rule set: `{code, zh, en}`. A class is called by its letter too. */
const asPair = (row: { code?: string; zh?: string; en?: string }): [string, Pair] => {
  const { code = '', zh = code, en = zh } = row
  return [code, CLASS.test(code) ? [`${code} 类 ${zh}`, `${code}: ${en}`] : [zh, en]]
}
export const wordOf = (code: string, tables: LifeRow['words']): Pair =>
  Object.values(tables).find((table) => table[code])?.[code] ?? COMMON[code] ?? [code, code]

/** A rule set lists codes that the stream has words for, or rows with words of their own. */
export const ofRule = (listed: unknown, tables: LifeRow['words']): [string, Pair][] =>
  (Array.isArray(listed) ? (listed as unknown[]) : []).map((one) =>
    typeof one === 'string' ? [one, wordOf(one, tables)] : asPair(one as object),
  )

/** What one may choose in a field, and what each is called. */
export const choicesOf = (
  field: Field,
  life: LifeRow | undefined,
  rules: Record<string, unknown> = {},
): [code: string, words: Pair][] => {
  const tables = life?.words ?? {}
  if (field.pick.startsWith(RULE)) return ofRule(rules[field.pick.slice(RULE.length)], tables)
  const table = tables[field.pick.startsWith(WORD) ? field.pick.slice(WORD.length) : field.name]
  const codes = Object.keys(table ?? {})
  // A schema sorts its codes; people know them in the order of the stream's words.
  const left = field.choices.filter((code) => !codes.includes(code))
  const kept = field.choices.length ? codes.filter((code) => field.choices.includes(code)) : codes
  return [...kept, ...left].map((code) => [code, table?.[code] ?? wordOf(code, tables)])
}

/** Chosen from a short list that is known, not looked for. */
export const isListed = ({ kind, pick }: Field): boolean =>
  kind === 'choice' || (kind === 'pick' && (pick.startsWith(WORD) || pick.startsWith(RULE)))
