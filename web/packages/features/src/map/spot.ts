import type { Spot } from './labels'

/** Chinese and English. */
type Pair = readonly [zh: string, en: string]

const EARTH = 6_371_000
const KILOMETRE = 1000

const side = (degrees: number, [more, less]: Pair): string => (degrees < 0 ? less : more)
const figure = (degrees: number): string => `${Math.abs(degrees).toFixed(5)}°`
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Where a case is, as its facts or a form's values hold it. */
export const spotIn = ({ lon, lat }: { lon?: unknown; lat?: unknown }): Spot | null =>
  typeof lon === 'number' && typeof lat === 'number' ? [lon, lat] : null

/** A bare point as one reads it; `hub/cases/reading.py` says it so on paper. */
export const spotWords = ([lon, lat]: Spot): Pair => [
  `${side(lat, ['北纬', '南纬'])}${figure(lat)} ${side(lon, ['东经', '西经'])}${figure(lon)}`,
  `${figure(lat)} ${side(lat, ['N', 'S'])}, ${figure(lon)} ${side(lon, ['E', 'W'])}`,
]

/** Metres, along the earth's surface. */
export const metresBetween = ([x, y]: Spot, [otherX, otherY]: Spot): number => {
  const bow =
    Math.sin(radians(otherY - y) / 2) ** 2 +
    Math.cos(radians(y)) * Math.cos(radians(otherY)) * Math.sin(radians(otherX - x) / 2) ** 2
  return 2 * EARTH * Math.asin(Math.sqrt(Math.min(bow, 1)))
}

/** No finer than a phone knows where it is. */
export const distanceWords = (metres: number): Pair => {
  if (metres >= KILOMETRE) {
    const far = (metres / KILOMETRE).toFixed(1)
    return [`约${far}公里`, `about ${far} km`]
  }
  const near = Math.round(metres / 10) * 10
  return [`约${near}米`, `about ${near} m`]
}

interface Placed {
  name: string
  lon: number
  lat: number
}

/** What stands nearest, and how far off it is. */
export const nearestOf = (spot: Spot, places: readonly Placed[]) =>
  places
    .filter(({ lon, lat }) => lon || lat)
    .map(({ name, lon, lat }) => ({ name, metres: metresBetween(spot, [lon, lat]) }))
    .sort((one, other) => one.metres - other.metres)[0]
