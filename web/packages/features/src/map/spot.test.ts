import { expect, it } from 'vitest'
import { distanceWords, metresBetween, nearestOf, spotWords } from './spot'

it('reads a point in either half of the earth', () => {
  expect(spotWords([120.1551, 30.2741])).toEqual([
    '北纬30.27410° 东经120.15510°',
    '30.27410° N, 120.15510° E',
  ])
  expect(spotWords([-43.2, -22.9])[0]).toBe('南纬22.90000° 西经43.20000°')
})

it('finds what stands nearest, and says how far off in round figures', () => {
  const places = [
    { name: '没有位置的站', lon: 0, lat: 0 },
    { name: '城东站', lon: 120.2, lat: 30 },
    { name: '城西站', lon: 120.103, lat: 30 },
  ]
  const found = nearestOf([120.1, 30], places)

  expect(found?.name).toBe('城西站')
  expect(distanceWords(found?.metres ?? 0)[0]).toBe('约290米')
  expect(distanceWords(metresBetween([120.1, 30], [120.2, 30]))).toEqual([
    '约9.6公里',
    'about 9.6 km',
  ])
  expect(nearestOf([120.1, 30], [])).toBeUndefined()
})
