import type { Hub } from '../hub'
import { observable, type Observable } from '../observable'
import type { HubProblem } from '../problem'
import { RoomLine } from './line'
import { createOutgoing } from './outgoing'
import type { Outgoing, Peer } from './peer'
import { followRoom } from './room'
import { createSound } from './sound'
import { watchPicture } from './watchman'
import type {
  FloorState,
  Joined,
  JoinWish,
  PeerRow,
  Picture,
  SessionState,
  Slot,
  Tile,
} from './words'

export interface Session {
  readonly room: string
  readonly state: Observable<SessionState>
  /** Why one was not let in: the hub's sentence. */
  readonly problem: Observable<HubProblem | null>
  /** Why there is no microphone or camera: the sentence for the person. The session goes on without. */
  readonly device: Observable<HubProblem | null>
  /** The browser wants a touch before it lets sound out: show a button that calls `unblock`. */
  readonly blocked: Observable<boolean>
  readonly slots: Observable<readonly Slot[]>
  readonly outgoing: Observable<Outgoing>
  /** By peer. */
  readonly peers: Observable<ReadonlyMap<string, PeerRow>>
  /** References of who speaks now, loudest first. */
  readonly speaking: Observable<readonly string[]>
  readonly floor: Observable<FloorState | null>
  /** How one's own picture goes out now; `paused`: the line carries only the voice. */
  readonly picture: Observable<Picture>
  /** Whose connection this is, "" before the first answer. */
  peer(): string
  unblock(): Promise<unknown>
  mute(on: boolean): void
  /** "": the one that is chosen already; null switches the camera off. False: the device cannot be had. */
  useCamera(id: string | null): Promise<boolean>
  useMic(id: string): Promise<boolean>
  useSpeaker(id: string): void
  share(on: boolean): Promise<void>
  /** Whom the places show, in order: a source, a peer, a ref, `<ref>:screen`; "" takes who speaks.
   *  null: all places take who speaks. The first `large` come large, the others small. */
  setTiles(wanted: readonly string[] | null, large?: number): Promise<void>
  leave(): void
}

interface Made {
  hub: Hub
  room: string
  nonce: string
  wish: JoinWish
}

const NOBODY = { source: '', ref: '', name: '', part: '' } as const

const slotsOf = (peer: Peer): Slot[] =>
  peer.hearing.map(({ mid, receiver: { track } }) => ({
    ...NOBODY,
    mid: mid ?? '',
    kind: track.kind as Slot['kind'],
    track,
  }))

/** Voices and pictures as they come in, and whom each place plays. */
const createIncoming = (speaker: string | undefined) => {
  const slots = observable<readonly Slot[]>([])
  const sound = createSound(speaker)
  return {
    slots,
    sound,
    attach(peer: Peer): void {
      const fresh = slotsOf(peer)
      slots.set(fresh)
      fresh
        .filter(({ kind }) => kind === 'audio')
        .forEach(({ track }, n) => sound.play(String(n), track))
    },
    name(tiles: readonly Tile[]): void {
      const told = new Map(tiles.map((tile) => [tile.mid, tile]))
      slots.set(slots.value.map((slot) => ({ ...slot, ...told.get(slot.mid) })))
    },
  }
}

const replies = (made: Made, outgoing: ReturnType<typeof createOutgoing>, choice: DeviceIds) => ({
  async useCamera(id: string | null): Promise<boolean> {
    if (id === null) return outgoing.put('camera', null).then(() => true)
    if (id) choice.camera = id
    return outgoing.open('camera')
  },
  async useMic(id: string): Promise<boolean> {
    if (id) choice.mic = id
    return outgoing.open('mic')
  },
  share: (on: boolean): Promise<void> => (on ? outgoing.share() : outgoing.put('screen', null)),
})

type DeviceIds = NonNullable<JoinWish['devices']>

export const createSession = (made: Made): Session => {
  const { hub, room, nonce, wish } = made
  const choice: DeviceIds = { ...wish.devices }
  const outgoing = createOutgoing(hub.language, choice)
  const incoming = createIncoming(choice.speaker)
  const picture = observable<Picture>('full')
  let stopPicture: () => void = () => undefined
  let wanted: readonly [readonly string[] | null, number] = [null, 1]

  const setTiles = async (sources: readonly string[] | null, large = 1): Promise<void> => {
    wanted = [sources, large]
    if (line.name) await hub.media.tiles(line.name, sources, large)
  }
  const taken = (peer: Peer, { peer: name, floor }: Joined): void => {
    incoming.attach(peer)
    stopPicture()
    stopPicture = watchPicture(peer, picture)
    live.begin(name, floor ?? null)
    if (wanted[0]) void setTiles(...wanted).catch(() => undefined)
  }
  const line = new RoomLine(
    { media: hub.media, link: hub.link, room, nonce, wish, outgoing },
    { taken },
  )
  const live = followRoom(hub, room, Boolean(wish.slots?.video), {
    tiles: incoming.name,
    gone: () => line.again(true),
  })
  const leave = (): void => {
    removeEventListener('pagehide', leave)
    live.stop()
    stopPicture()
    line.close()
    outgoing.stop()
    incoming.sound.stop()
  }
  addEventListener('pagehide', leave)
  line.state.subscribe((now) => now === 'refused' && leave())
  if (wish.mic !== false && wish.mic !== 'later') void outgoing.open('mic')
  if (wish.camera) void outgoing.open('camera')

  return {
    room,
    state: line.state,
    problem: line.problem,
    device: outgoing.problem,
    blocked: incoming.sound.blocked,
    slots: incoming.slots,
    outgoing: outgoing.tracks,
    ...live.shown,
    picture,
    peer: () => line.name,
    unblock: incoming.sound.unblock,
    mute: outgoing.mute,
    useSpeaker: incoming.sound.speakAt,
    ...replies(made, outgoing, choice),
    setTiles,
    leave,
  }
}
