import { expect, it } from 'vitest'
import { createPlayhead, frameOf } from './playhead'

const FRAME = 0.02

it('places frames one after another, however they come', () => {
  const playhead = createPlayhead()

  const at = [10, 10.001, 10.05, 10.051].map((now) => playhead.place(now, FRAME))

  expect(at.map((one) => Number((one ?? 0).toFixed(3)))).toEqual([10.06, 10.08, 10.1, 10.12])
})

it('keeps more in hand after a gap was heard, up to a bound', () => {
  const playhead = createPlayhead()
  let now = 0
  const leads = Array.from({ length: 8 }, () => {
    now += 0.5
    return Number(((playhead.place(now, FRAME) ?? 0) - now).toFixed(3))
  })

  expect(leads).toEqual([0.06, 0.1, 0.14, 0.18, 0.22, 0.24, 0.24, 0.24])
})

it('leaves out what comes in a burst after a pause, rather than speak late', () => {
  const playhead = createPlayhead()

  const placed = Array.from({ length: 100 }, () => playhead.place(1, FRAME))

  expect(placed.filter((at) => at !== null).length).toBeLessThan(30)
})

it('takes no frame from what is too short to be one', () => {
  expect(frameOf(new ArrayBuffer(8))).toBeNull()
  const bytes = new Uint8Array([0, 0, 0, 1, 0, 0, 3, 192, 7])
  expect(frameOf(bytes.buffer)).toEqual({ ts: 960, payload: new Uint8Array([7]) })
})
