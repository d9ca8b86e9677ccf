import { expect, it } from 'vitest'
import { nextStanding, STANDING, type Sample, type Standing } from './picture'

const GOOD: Sample = { lost: 0, room: 3_000_000, queued: 0 }
const LOSSY: Sample = { ...GOOD, lost: 0.3 }

const after = (samples: Sample[], from: Standing = STANDING): Standing =>
  samples.reduce(nextStanding, from)
const times = (n: number, sample: Sample): Sample[] => Array.from({ length: n }, () => sample)

it('keeps the whole picture on a good line, and over one bad moment', () => {
  expect(after([...times(20, GOOD), LOSSY, GOOD]).picture).toBe('full')
})

it('gives the picture up in steps while packets are lost, until the voice alone is left', () => {
  const steps = [2, 4, 6, 8].map((n) => after(times(n, LOSSY)).picture)

  expect(steps).toEqual(['half', 'small', 'paused', 'paused'])
})

it('gives up a picture that the line has no room for, or that stands in the queue', () => {
  expect(after(times(2, { ...GOOD, room: 300_000 })).picture).toBe('half')
  expect(after(times(2, { ...GOOD, queued: 900 })).picture).toBe('half')
})

it('comes back one step at a time, and only when the next step would fit', () => {
  const paused: Standing = { picture: 'paused', bad: 0, good: 0 }

  expect(after(times(4, GOOD), paused).picture).toBe('paused')
  expect(after(times(5, GOOD), paused).picture).toBe('small')
  expect(after(times(30, { ...GOOD, room: 150_000 }), paused).picture).toBe('small')
  expect(after(times(15, GOOD), paused).picture).toBe('full')
})
