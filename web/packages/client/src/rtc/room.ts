import type { Hub } from '../hub'
import type { Watch } from '../watches'
import { observable } from '../observable'
import type { FloorState, PeerRow, Tile } from './words'

interface RoomSignal {
  type: string
  room?: string
  peer?: string
  lost?: boolean
  peers?: string[]
  state?: FloorState
}

const GONE_AFTER = 250

export interface RoomHears {
  tiles(tiles: readonly Tile[]): void
  /** The plane no longer has this connection: it was restarted, perhaps. */
  gone(): void
}

/** `person:7@call:…#nonce` is the connection of `person:7`. */
export const refOf = (peer: string): string => peer.split('@')[0] ?? peer

/** Who is in the room, who speaks and who has the floor, as the hub tells it. */
export const followRoom = (hub: Hub, room: string, watchesTiles: boolean, hears: RoomHears) => {
  const peers = observable<ReadonlyMap<string, PeerRow>>(new Map())
  const speaking = observable<readonly string[]>([])
  const floor = observable<FloorState | null>(null)
  let own = ''
  let seen = false
  let tiles: Watch<Tile> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  // A room that closes lets everybody go too: whoever tells that his call is over comes first.
  const gone = (after: number = GONE_AFTER): void => {
    seen = false
    clearTimeout(timer)
    timer = setTimeout(hears.gone, after)
  }
  /** One is taken to side rooms without joining anew; who speaks elsewhere is no matter. */
  const place = (): string => peers.value.get(own)?.at_room || room
  const take = (now: Watch<PeerRow>): void => {
    const before = place()
    peers.set(now.rows)
    if (place() !== before) speaking.set([])
    if (now.rows.get(own)?.up) seen = true
    else if (seen && !now.rows.has(own)) gone()
  }

  // Signals may overtake each other; the number of the floor does not.
  const takeFloor = (state: FloorState): void => {
    if (state.seq >= (floor.value?.seq ?? 0)) floor.set(state)
  }
  const takes: Record<string, (signal: RoomSignal) => void> = {
    Speaking: ({ peers: loud }) => speaking.set((loud ?? []).map(refOf)),
    Floor: ({ state }) => state && takeFloor(state),
    PeerGone: ({ peer, lost }) => {
      if (peer && peer === own) gone(lost ? 0 : GONE_AFTER)
    },
  }
  const stopSignals = hub.onSignal((signal: RoomSignal) => {
    if (signal.room === place() || (signal.room === room && signal.type !== 'Speaking'))
      takes[signal.type]?.(signal)
  })
  const watch = hub.watch<PeerRow>('media_room', { room }, take, {
    key: 'peer',
  })
  return {
    shown: { peers, speaking, floor },
    /** A connection stands: its name, and where the floor is. */
    begin(name: string, state: FloorState | null): void {
      clearTimeout(timer)
      if (name !== own && watchesTiles) {
        tiles?.stop()
        tiles = hub.watch<Tile>(
          'media_tiles',
          { peer: name },
          ({ rows }) => hears.tiles([...rows.values()]),
          { key: 'mid' },
        )
      }
      own = name
      seen = false
      if (state) takeFloor(state)
    },
    stop(): void {
      stopSignals()
      watch.stop()
      tiles?.stop()
      clearTimeout(timer)
    },
  }
}
