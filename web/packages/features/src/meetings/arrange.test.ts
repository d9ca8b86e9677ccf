import { describe, expect, it } from 'vitest'
import { arrange, columnsOf, wantedOf, type Scene } from './arrange'

const people = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `station:${n + 1}`)
const scene = (more: Partial<Scene> = {}): Scene => ({
  mode: 'speaker',
  pinned: [],
  here: ['account:1', ...people(6)],
  speaker: '',
  presenter: '',
  own: 'account:1',
  ...more,
})
const refs = (tiles: { ref: string }[]): string[] => tiles.map(({ ref }) => ref)

describe('what stands on the wall', () => {
  it('shows who speaks large, and never oneself where there is another', () => {
    expect(refs(arrange(scene({ speaker: 'station:3' })).large)).toEqual(['station:3'])
    expect(refs(arrange(scene({ speaker: 'account:1' })).large)).toEqual(['station:1'])
    expect(refs(arrange(scene({ here: ['account:1'] })).large)).toEqual(['account:1'])
    expect(arrange(scene({ here: [] }))).toEqual({ large: [], small: [], pages: 1 })
  })

  it('shows up to 16 equally, and who speaks on every page', () => {
    const many = scene({ mode: 'gallery', here: people(20), speaker: 'station:20' })
    const first = arrange(many)
    expect([first.small.length, first.pages, first.small.at(-1)?.ref]).toEqual([
      16,
      2,
      'station:20',
    ])
    expect(refs(arrange({ ...many, page: 1 }).small)).toEqual(people(20).slice(16))
    expect(refs(arrange({ ...many, page: 9 }).small)).toEqual(people(20).slice(16))
  })

  it('keeps a pinned place for who is not there yet, and adds who speaks', () => {
    const { large, small } = arrange(
      scene({ mode: 'pinned', pinned: ['station:9', 'station:1'], speaker: 'station:4' }),
    )
    expect([refs(large), refs(small)]).toEqual([['station:9', 'station:1'], ['station:4']])
    expect(refs(arrange(scene({ mode: 'pinned', speaker: 'station:2' })).large)).toEqual([
      'station:2',
    ])
  })

  it('shows the screen large, and the faces at its edge', () => {
    const { large, small } = arrange(
      scene({ mode: 'screen', presenter: 'station:2', speaker: 'station:5' }),
    )
    expect(large).toEqual([{ ref: 'station:2', part: 'screen' }])
    expect(refs(small)[0]).toBe('station:5')
  })

  it('asks the plane for everything but oneself, large ones first', () => {
    const arrangement = arrange(scene({ mode: 'screen', presenter: 'station:2' }))
    expect(wantedOf(arrangement, 'account:1')).toEqual({
      wanted: ['station:2:screen', 'station:1', 'station:2', 'station:3', 'station:4'],
      large: 1,
    })
  })

  it('divides the wall evenly', () => {
    expect([1, 2, 4, 5, 9, 16].map(columnsOf)).toEqual([1, 2, 2, 3, 3, 4])
  })
})
