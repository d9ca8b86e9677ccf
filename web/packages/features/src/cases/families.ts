import type { LifeRow, Pair } from './shapes'

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

/** What a deputy comes for: these stand in reach of the thumb, everything else under one key. */
const USUAL = ['proposals', 'activities', 'duty_records']

export const inReach = (lives: readonly LifeRow[]): LifeRow[] =>
  USUAL.flatMap((name) => lives.find((life) => life.name === name) ?? [])
