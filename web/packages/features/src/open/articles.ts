const DIGITS = '〇一二三四五六七八九'
const UNITS = ['', '十', '百', '千']

/** 12 → 十二, 103 → 一百零三. */
export const numeral = (n: number): string => {
  const digits = [...String(n)].map(Number)
  const spoken = digits
    .map((digit, at) => (digit ? `${DIGITS[digit]}${UNITS[digits.length - 1 - at] ?? ''}` : '零'))
    .join('')
  return spoken.replace(/零+/g, '零').replace(/零$/, '').replace(/^一十/, '十')
}

/** 第12条之1 → 第十二条之一, as a law's own text says it. */
export const articleLabel = (name: string): string =>
  name.replace(/\d+/g, (digits) => numeral(Number(digits)))
