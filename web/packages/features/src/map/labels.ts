import type { OutlineRow } from '@hub/contract'

/** Degrees, longitude first. */
export type Spot = readonly [number, number]
type Ring = readonly Spot[]

/** Of the city's extent: half of a name, and how far from its middle a station stands clear of it. */
const NAME: Spot = [0.04, 0.016]
const ROOM: Spot = [0.07, 0.035]
const STEPS = 24
/** More room than this is not looked for: the middle of a district is worth more. */
const ENOUGH = 1.2
const PULL = 1.2

const ringsOf = ({ geojson: { geometry } }: OutlineRow): Ring[] =>
  geometry.type === 'Polygon'
    ? (geometry.coordinates as Ring[])
    : (geometry.coordinates as Ring[][]).flat()

const crosses = ([x, y]: Spot, [ax, ay]: Spot, [bx, by]: Spot): boolean =>
  ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax

/** By the even-odd rule, so that a hole is outside. */
const holds = (rings: readonly Ring[], spot: Spot): boolean => {
  let odd = false
  for (const ring of rings)
    ring.forEach((end, i) => {
      if (crosses(spot, ring[(i || ring.length) - 1] ?? end, end)) odd = !odd
    })
  return odd
}

interface Extent {
  width: number
  height: number
}

const boundsOf = (rings: readonly Ring[]) => {
  const spots = rings.flat()
  const [xs, ys] = [spots.map(([x]) => x), spots.map(([, y]) => y)]
  const [left, bottom] = [Math.min(...xs), Math.min(...ys)]
  return { left, bottom, width: Math.max(...xs) - left, height: Math.max(...ys) - bottom }
}

const partOf = ([x, y]: Spot, { width, height }: Extent): Spot => [x * width, y * height]

/** The four corners of a name whose middle stands here. */
const cornersOf = ([x, y]: Spot, [width, height]: Spot): Spot[] =>
  [-width, width].flatMap((dx) => [-height, height].map((dy): Spot => [x + dx, y + dy]))

const gridIn = (rings: readonly Ring[]): Spot[] => {
  const { left, bottom, width, height } = boundsOf(rings)
  const steps = Array.from({ length: STEPS }, (_, i) => (i + 0.5) / STEPS)
  return steps
    .flatMap((x) => steps.map((y): Spot => [left + x * width, bottom + y * height]))
    .filter((spot) => holds(rings, spot))
}

const middleOf = (spots: readonly Spot[]): Spot => {
  const sum = spots.reduce<[number, number]>(([a, b], [x, y]) => [a + x, b + y], [0, 0])
  return [sum[0] / spots.length, sum[1] / spots.length]
}

/** In rooms: below 1 the two stand over each other. */
const apart = ([ax, ay]: Spot, [bx, by]: Spot, [width, height]: Spot): number =>
  Math.max(Math.abs(ax - bx) / width, Math.abs(ay - by) / height)

const placeIn = (rings: readonly Ring[], stations: readonly Spot[], city: Extent): Spot | null => {
  const [name, room] = [partOf(NAME, city), partOf(ROOM, city)]
  const grid = gridIn(rings)
  if (grid.length === 0) return null
  const middle = middleOf(grid)
  const whole = grid.filter((spot) => cornersOf(spot, name).every((corner) => holds(rings, corner)))
  const { width, height } = boundsOf(rings)
  const worth = (spot: Spot): number => {
    const clear = Math.min(ENOUGH, ...stations.map((station) => apart(spot, station, room)))
    return Math.min(clear, 1) * 2 + clear - PULL * apart(spot, middle, [width, height])
  }
  return (whole.length ? whole : grid).reduce((best, spot) =>
    worth(spot) > worth(best) ? spot : best,
  )
}

/** Where each district's name stands: inside it, clear of stations, as near to its middle as that allows. */
export const labelPlaces = (
  outlines: readonly OutlineRow[],
  stations: readonly Spot[],
): Map<string, Spot> => {
  const shapes = outlines.map((outline) => ({ id: outline.id, rings: ringsOf(outline) }))
  const city = boundsOf(shapes.flatMap(({ rings }) => rings))
  return new Map(
    shapes.flatMap(({ id, rings }) => {
      const place = placeIn(rings, stations, city)
      return place ? [[id, place] as const] : []
    }),
  )
}

/** The outline this place lies in, named by its organisation's id; null: in none. */
export const districtAt = (outlines: readonly OutlineRow[], spot: Spot): string | null =>
  outlines.find((outline) => holds(ringsOf(outline), spot))?.id ?? null
