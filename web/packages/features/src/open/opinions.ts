import type { Uuid } from '@hub/contract'

/** Whose code was scanned. */
export interface PublicPlace {
  ref: string
  name: string
  kind: 'station' | 'deputy'
  station: string
  hours: string
  address: string
}

export interface OpinionKind {
  code: string
  zh: string
  en: string
}

export const RATINGS = ['satisfied', 'basically', 'unsatisfied'] as const
export type Rating = (typeof RATINGS)[number]

/** What became of an opinion, for who sent it. */
export interface OwnOpinion {
  id: Uuid
  number: string
  state: string
  state_zh: string
  state_en: string
  at: string
  text: string
  answer: string
  answered_at: string | null
  unit: string
  may_rate: boolean
}

/** As it is dialled: what people type between the digits is left out; null where it is no number. */
export const phoneOf = (typed: string): string | null => {
  const digits = typed.replace(/[\s()（）-]/g, '')
  if (digits === '') return ''
  return /^\+?\d{5,20}$/.test(digits) ? digits : null
}
