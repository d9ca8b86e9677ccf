import type { OutlineRow } from '@hub/contract'
import { expect, it } from 'vitest'
import { districtAt, labelPlaces, type Spot } from './labels'

const district = (id: string, ...rings: Spot[][]): OutlineRow => ({
  id,
  geojson: {
    type: 'Feature',
    properties: null,
    geometry: { type: 'Polygon', coordinates: rings },
  },
})
const square = (left: number, bottom: number, size: number): Spot[] => [
  [left, bottom],
  [left + size, bottom],
  [left + size, bottom + size],
  [left, bottom + size],
  [left, bottom],
]
const placeOf = (outline: OutlineRow, stations: Spot[]): Spot =>
  labelPlaces([outline], stations).get(outline.id) as Spot

it('puts the name of a district in its middle where nothing stands there', () => {
  const [x, y] = placeOf(district('a', square(0, 0, 10)), [])

  expect(Math.abs(x - 5) + Math.abs(y - 5)).toBeLessThan(1)
})

it('moves the name off a station that stands in the middle, and not far', () => {
  const [x, y] = placeOf(district('a', square(0, 0, 10)), [[5, 5]])

  const beside = Math.abs(x - 5) >= 0.7 || Math.abs(y - 5) >= 0.35
  expect([beside, Math.hypot(x - 5, y - 5) < 2]).toEqual([true, true])
})

it('keeps the whole name inside, not its middle alone', () => {
  const crowd = Array.from({ length: 64 }, (_, i): Spot => [0.8 + (i % 8) * 1.2, 0.3 + (i >> 3)])
  const [x, y] = placeOf(district('a', square(0, 0, 10)), crowd)

  expect([x > 0.4 && x < 9.6, y > 0.16 && y < 9.84]).toEqual([true, true])
})

it('keeps the name inside, and out of a hole', () => {
  const ring = district('a', square(0, 0, 10), square(2, 2, 6))
  const [x, y] = placeOf(ring, [])

  expect(x > 0 && x < 10 && y > 0 && y < 10).toBe(true)
  expect(x > 2 && x < 8 && y > 2 && y < 8).toBe(false)
})

it('finds a place for each district of a city', () => {
  const places = labelPlaces([district('a', square(0, 0, 4)), district('b', square(6, 0, 4))], [])

  expect([...places.keys()]).toEqual(['a', 'b'])
})

it('knows in which district a place lies, or that it lies in none', () => {
  const city = [district('a', square(0, 0, 4)), district('b', square(6, 0, 4))]

  expect([districtAt(city, [7, 1]), districtAt(city, [5, 1])]).toEqual(['b', null])
})
