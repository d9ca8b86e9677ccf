import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Hub } from '../hub'
import { followRoom, refOf } from './room'
import type { FloorState } from './words'

const ROOM = 'call:1'
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A hub whose signals the test says itself. */
const sayingHub = () => {
  let say: (signal: object) => void = () => undefined
  const hub = {
    onSignal: (listener: (signal: object) => void) => {
      say = listener
      return () => undefined
    },
    watch: () => ({ stop: () => undefined }),
  }
  return { hub: hub as unknown as Hub, say: (signal: object): void => say(signal) }
}
const floor = (seq: number, name: string): Partial<FloorState> => ({ seq, name })

it('names who speaks by who he is, and does not hear other rooms', () => {
  const { hub, say } = sayingHub()
  const room = followRoom(hub, ROOM, false, { tiles: () => undefined, gone: () => undefined })

  say({ type: 'Speaking', room: ROOM, peers: ['station:17@call:1#a', 'person:2@call:1#b'] })
  say({ type: 'Speaking', room: 'call:2', peers: [] })

  expect(room.shown.speaking.value).toEqual(['station:17', 'person:2'])
})

it('does not take an older floor for the newer one', () => {
  const { hub, say } = sayingHub()
  const room = followRoom(hub, ROOM, false, { tiles: () => undefined, gone: () => undefined })

  say({ type: 'Floor', room: ROOM, state: floor(5, '后') })
  say({ type: 'Floor', room: ROOM, state: floor(4, '先') })

  expect(room.shown.floor.value?.name).toBe('后')
})

it('asks for a new connection when the plane has lost its own, and only then', () => {
  const { hub, say } = sayingHub()
  let gone = 0
  const room = followRoom(hub, ROOM, false, { tiles: () => undefined, gone: () => (gone += 1) })
  room.begin('me@call:1#n', null)

  say({ type: 'PeerGone', room: ROOM, peer: 'other@call:1#m' })
  vi.runAllTimers()
  expect(gone).toBe(0)
  say({ type: 'PeerGone', room: ROOM, peer: 'me@call:1#n' })
  vi.runAllTimers()

  expect([gone, refOf('me@call:1#n')]).toEqual([1, 'me'])
})

it('asks at once where another plane has come, and a moment later where it was let go', () => {
  const { hub, say } = sayingHub()
  const gone = vi.fn()
  followRoom(hub, ROOM, false, { tiles: () => undefined, gone }).begin('me@call:1#n', null)

  say({ type: 'PeerGone', room: ROOM, peer: 'me@call:1#n' })
  vi.advanceTimersByTime(0)
  expect(gone).not.toHaveBeenCalled()
  say({ type: 'PeerGone', room: ROOM, peer: 'me@call:1#n', lost: true })
  vi.advanceTimersByTime(0)

  expect(gone).toHaveBeenCalledOnce()
})
