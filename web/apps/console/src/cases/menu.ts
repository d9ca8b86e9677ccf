import type { LifeRow, Pair } from '@hub/features/cases'

interface Family {
  /** Empty: what stands by itself. */
  words: Pair
  lives: LifeRow[]
}

/** Streams of one family stand together, where the first of them stood. */
export const familiesOf = (lives: readonly LifeRow[]): Family[] => {
  const found = new Map<string, Family>()
  for (const life of lives) {
    const key = life.family[0] || life.name
    const family = found.get(key) ?? { words: life.family, lives: [] }
    family.lives.push(life)
    found.set(key, family)
  }
  return [...found.values()]
}
