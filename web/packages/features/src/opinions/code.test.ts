import { expect, it } from 'vitest'
import { codeOf, sayAddress } from './code'

it('leads to the page of the station or the deputy whose code it is', () => {
  expect(sayAddress('https://hub.example', 'station:12')).toBe(
    'https://hub.example/public/say/station:12',
  )
})

it('draws every dark square once, and leaves the edge quiet', () => {
  const { size, path } = codeOf('https://hub.example/public/say/station:12')
  const stretches = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)].map((one) =>
    one.slice(1).map(Number),
  )

  expect(stretches.map(([x, y, n]) => `M${x} ${y}h${n}v1H${x}z`).join('')).toBe(path)
  expect(Math.min(...stretches.map(([x = 0]) => x))).toBe(4)
  expect(Math.max(...stretches.map(([x = 0, , n = 0]) => x + n))).toBe(size - 4)
  expect(stretches.find(([, y]) => y === 4)?.[2]).toBe(7)
})
