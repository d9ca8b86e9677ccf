/** What a fact says of how an opinion went; `code`: a word of the stream, `text`: somebody's own words. */
interface Said {
  name: 'verification' | 'note' | 'answer' | 'finding' | 'rating'
  code: string
  text: string
}

const wordIn = (facts: Record<string, unknown>, name: string): string => {
  const value = facts[name]
  return typeof value === 'string' ? value : ''
}

/** How an opinion went, in the order in which it goes. */
export const courseOf = (facts: Record<string, unknown>): Said[] => {
  const own = (name: 'verification' | 'note' | 'answer' | 'finding'): Said => ({
    name,
    code: '',
    text: wordIn(facts, name),
  })
  const rating: Said = {
    name: 'rating',
    code: wordIn(facts, 'rating'),
    text: wordIn(facts, 'word'),
  }
  return [own('verification'), own('note'), own('answer'), own('finding'), rating].filter(
    ({ code, text }) => code || text,
  )
}
