export const RATINGS = ['satisfied', 'basically', 'unsatisfied'] as const
export type Rating = (typeof RATINGS)[number]

/** As it is dialled: what people type between the digits is left out; null where it is no number. */
export const phoneOf = (typed: string): string | null => {
  const digits = typed.replace(/[\s()（）-]/g, '')
  if (digits === '') return ''
  return /^\+?\d{5,19}$/.test(digits) ? digits : null
}
