/** `@` words in what is being written. */
export interface Named {
  id: string
  name: string
}

/** The word behind an `@` that the caret stands in; null: none. An address like a@b is no mention. */
export const wordAt = (text: string, caret: number): string | null => {
  const found = /(?:^|[^\w@])@([^\s@]{0,20})$/.exec(text.slice(0, caret))
  return found ? (found[1] ?? '') : null
}

/** The text with the name in place of the word at the caret, and where the caret goes. */
export const withName = (
  text: string,
  caret: number,
  name: string,
): { text: string; caret: number } => {
  const word = wordAt(text, caret) ?? ''
  const head = `${text.slice(0, caret - word.length)}${name} `
  return { text: head + text.slice(caret).replace(/^ /, ''), caret: head.length }
}

/** Of those picked, who is still named. */
export const namedIn = (text: string, picked: readonly Named[]): string[] => [
  ...new Set(picked.filter((one) => text.includes(`@${one.name}`)).map((one) => one.id)),
]

export const matching = <N extends Named>(people: readonly N[], word: string, most = 8): N[] =>
  people.filter((one) => one.name.toLowerCase().includes(word.toLowerCase())).slice(0, most)

/** The text cut at the names, so that they can be shown in colour. */
export const cutAtNames = (
  text: string,
  names: readonly string[],
): { text: string; name: boolean }[] => {
  const longest = names.filter(Boolean).sort((a, b) => b.length - a.length)
  if (!longest.length) return [{ text, name: false }]
  const escaped = longest.map((name) => `@${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
  return text
    .split(new RegExp(`(${escaped.join('|')})`))
    .filter(Boolean)
    .map((part) => ({ text: part, name: part[0] === '@' && names.includes(part.slice(1)) }))
}
