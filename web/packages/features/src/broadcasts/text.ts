/** Filled in by the hub for each recipient. */
export const OWN_VARIABLES: readonly string[] = [
  'name',
  'station',
  'district',
  'title',
  'date',
  'time',
]

const HOLE = /\{([a-z0-9_-]{1,40})\}/g

/** The variables of a text that the sender has to fill in, in order, each once. */
export const variablesOf = (...texts: string[]): string[] => {
  const names = texts.flatMap((text) => [...text.matchAll(HOLE)].map((found) => found[1] ?? ''))
  return [...new Set(names)].filter((name) => !OWN_VARIABLES.includes(name))
}

export const filled = (text: string, values: Record<string, string>): string =>
  text.replace(HOLE, (hole, name: string) => values[name] || hole)

const GSM = /^[\n\r !-#%-?A-Z_a-z@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¡ÄÖÑÜ§¿äöñüà]*$/

/** How many short messages a text fills: 70 Chinese characters alone, 67 each when joined. */
export const segmentsOf = (text: string): number => {
  const [alone, joined] = GSM.test(text) ? [160, 153] : [70, 67]
  if (text.length === 0) return 0
  return text.length <= alone ? 1 : Math.ceil(text.length / joined)
}
