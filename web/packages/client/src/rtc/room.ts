import type { Hub } from '../hub'
import { observable } from '../observable'
import type { FloorState, PeerRow, Tile } from './words'

interface RoomSignal {
  type: string
  room?: string
  peer?: string
  peers?: string[]
  state?: FloorState
  tiles?: Tile[]
}

export interface RoomHears {
  tiles(tiles: readonly Tile[]): void
  /** The plane no longer has this connection: it was restarted, perhaps. */
  gone(): void
}

/** `person:7@call:…#nonce` is the connection of `person:7`. */
export const refOf = (peer: string): string => peer.split('@')[0] ?? peer

/** Who is in the room, who speaks and who has the floor, as the hub tells it. */
export const followRoom = (hub: Hub, room: string, hears: RoomHears) => {
  const peers = observable<ReadonlyMap<string, PeerRow>>(new Map())
  const speaking = observable<readonly string[]>([])
  const floor = observable<FloorState | null>(null)
  let own = ''

  // Signals may overtake each other; the number of the floor does not.
  const take = (state: FloorState): void => {
    if (state.seq >= (floor.value?.seq ?? 0)) floor.set(state)
  }
  const takes: Record<string, (signal: RoomSignal) => void> = {
    Speaking: ({ peers: loud }) => speaking.set((loud ?? []).map(refOf)),
    Floor: ({ state }) => state && take(state),
    Tiles: ({ peer, tiles }) => {
      if (tiles && (!peer || peer === own)) hears.tiles(tiles)
    },
    PeerGone: ({ peer }) => {
      if (peer && peer === own) hears.gone()
    },
  }
  const stopSignals = hub.onSignal((signal: RoomSignal) => {
    if (signal.room === room) takes[signal.type]?.(signal)
  })
  const watch = hub.watch<PeerRow>('media_room', { room }, (now) => peers.set(now.rows), {
    key: 'peer',
  })
  return {
    shown: { peers, speaking, floor },
    /** A connection stands: its name, and where the floor is. */
    begin(name: string, state: FloorState | null): void {
      own = name
      if (state) take(state)
    },
    stop(): void {
      stopSignals()
      watch.stop()
    },
  }
}
