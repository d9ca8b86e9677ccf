import { describe, expect, it } from 'vitest'
import { applyChanges, asChanges } from './changes'

interface Station {
  id: string
  online: boolean
}
const station = (id: string, online: boolean): Station => ({ id, online })
const snapshot = applyChanges(
  new Map<string, Station>(),
  asChanges([station('1', true), station('2', true)], 'id'),
)

describe('rows of a screen', () => {
  it('are the snapshot, in its order', () => {
    expect([...snapshot.values()]).toEqual([station('1', true), station('2', true)])
  })

  it('change in place, come at the end and go', () => {
    const next = applyChanges(snapshot, [
      ['1', station('1', false)],
      ['3', station('3', true)],
      ['2', null],
    ])
    expect([...next.values()]).toEqual([station('1', false), station('3', true)])
  })

  it('leave the old map alone, so that a screen may compare', () => {
    applyChanges(snapshot, [['1', null]])
    expect(snapshot.size).toBe(2)
  })

  it('are the same when a change is told twice', () => {
    const told: [string, Station | null][] = [
      ['1', station('1', false)],
      ['2', null],
    ]
    const once = applyChanges(snapshot, told)
    expect([...applyChanges(once, told)]).toEqual([...once])
  })

  it('leave the screen when they no longer match its filter', () => {
    const next = applyChanges(snapshot, [['1', station('1', false)]], { keep: (row) => row.online })
    expect([...next.keys()]).toEqual(['2'])
  })

  it('do not grow a page beyond its rows', () => {
    const next = applyChanges(snapshot, [['9', station('9', true)]], { onlyKnown: true })
    expect(next.has('9')).toBe(false)
  })
})
