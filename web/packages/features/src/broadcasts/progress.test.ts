import type { CountRow } from '@hub/contract'
import { describe, expect, it } from 'vitest'
import { figuresOf, placesOf, tryParts } from './progress'
import { TRY_GROUPS } from './words'

const row = (
  kind: string,
  key: string,
  parent: string,
  states: Record<string, number>,
): CountRow => ({
  id: `${kind}:${key}`,
  kind,
  key,
  label: key,
  parent,
  total: Object.values(states).reduce((a, b) => a + b, 0),
  states,
})

describe('the board', () => {
  it('counts who went further among those who came less far', () => {
    const outcomes = { waiting: 1, delivered: 2, read: 3, confirmed: 4, unreachable: 5 }
    expect(figuresOf(15, outcomes)).toEqual({
      total: 15,
      delivered: 9,
      read: 7,
      confirmed: 4,
      unreachable: 5,
    })
  })

  it('hangs stations under their districts', () => {
    const places = placesOf([
      row('district', 'district:1', 'city', { confirmed: 3 }),
      row('station', 'station:1', 'district:1', { confirmed: 2 }),
      row('road', 'sms', '', { sent: 9 }),
    ])
    expect(
      places.map((place) => [place.key, place.children.map((child) => child.confirmed)]),
    ).toEqual([['district:1', [2]]])
  })

  it('loses no try when it gathers them for a bar', () => {
    const road = row('road', 'sms', '', {
      queued: 1,
      sent: 2,
      delivered: 3,
      displayed: 6,
      failed: 4,
      suppressed: 5,
    })
    expect(tryParts(road, String).reduce((all, part) => all + part.value, 0)).toBe(21)
  })

  it('shows no two states of a bar in one colour', () => {
    const colors = TRY_GROUPS.map((group) => group.color)
    expect(new Set(colors).size).toBe(colors.length)
  })
})
