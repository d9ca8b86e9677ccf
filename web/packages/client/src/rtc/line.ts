import { HubProblem } from '../problem'
import { observable, type Observable } from '../observable'
import type { Media } from './door'
import { canListen, listen } from './listener'
import { connects, openPeer, type Peer } from './peer'
import type { OutgoingTracks } from './outgoing'
import type { Joined, JoinWish, SessionState } from './words'

const CONNECT_WITHIN = 4000
const ANSWER_WITHIN = 5000
const FIRST_PAUSE = 150
const LONGEST_PAUSE = 1000
/** Sound comes by the other way meanwhile: no hurry, and no noise. */
const PAUSE_LISTENING = 15_000
const LATE_WITHIN = 14_000

export interface LineHears {
  /** A new connection stands, or is about to; the one before is gone. */
  taken(peer: Peer, joined: Joined): void
}

export interface LineWish {
  media: Media
  link: Observable<string>
  room: string
  nonce: string
  wish: JoinWish
  outgoing: OutgoingTracks
}

const within = <T>(work: Promise<T>, millis: number): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) =>
      setTimeout(() => reject(new DOMException('', 'TimeoutError')), millis),
    ),
  ])

/** A refusal of the person or of the room, not of the moment. */
const final = (why: unknown): why is HubProblem =>
  why instanceof HubProblem && why.status >= 400 && why.status < 500 && why.status !== 429

/** What tells of another network before ICE notices that the old one is dead. */
const onNetworkChange = (link: Observable<string>, changed: () => void): (() => void) => {
  const { connection } = navigator as { connection?: EventTarget }
  window.addEventListener('online', changed)
  connection?.addEventListener('change', changed)
  let before = link.value
  const leave = link.subscribe((now) => {
    if (now === 'online' && before !== 'online') changed()
    before = now
  })
  return () => {
    window.removeEventListener('online', changed)
    connection?.removeEventListener('change', changed)
    leave()
  }
}

/** Keeps one connection to a room alive until closed: joins, and joins anew when the line breaks. */
export class RoomLine {
  readonly state = observable<SessionState>('connecting')
  readonly problem = observable<HubProblem | null>(null)
  peer: Peer | undefined
  name = ''
  private turn = 0
  private pause = FIRST_PAUSE
  private timer: ReturnType<typeof setTimeout> | undefined
  private stopListening: (() => void) | undefined
  private readonly leaveNetwork: () => void

  constructor(
    private readonly asked: LineWish,
    private readonly hears: LineHears,
  ) {
    this.leaveNetwork = onNetworkChange(asked.link, () => this.again())
    void this.attempt()
  }

  get over(): boolean {
    return this.state.value === 'left' || this.state.value === 'refused'
  }

  /** A fresh offer at once; the plane puts it in the place of the old connection. `lost`: the plane does not know
   *  this one any more, also while it is still being made. */
  again(lost = false): void {
    if (this.over || (this.state.value === 'connecting' && !lost)) return
    if (this.state.value === 'joined') this.state.set('rejoining')
    clearTimeout(this.timer)
    void this.attempt()
  }

  private async attempt(): Promise<void> {
    const turn = ++this.turn
    const { media, room, nonce, wish, outgoing } = this.asked
    let peer: Peer | undefined
    try {
      const { ice_servers: servers } = await iceOf(media)
      peer = openPeer(servers, wish, outgoing.tracks.value)
      const { offer, parts } = await peer.offer()
      const joined = await within(media.join(room, offer, parts, nonce), ANSWER_WITHIN)
      if (turn !== this.turn) return peer.close()
      await this.take(peer, joined, turn)
    } catch (why) {
      if (peer !== this.peer) peer?.close()
      if (turn === this.turn) this.failed(why)
    }
  }

  private async take(peer: Peer, joined: Joined, turn: number): Promise<void> {
    this.peer?.close()
    this.peer = peer
    this.name = joined.peer
    this.asked.outgoing.attach(peer)
    await peer.connection.setRemoteDescription({ type: 'answer', sdp: joined.answer })
    this.hears.taken(peer, joined)
    const current = (): boolean => turn === this.turn && !this.over
    if (await connects(peer.connection, CONNECT_WITHIN))
      return current() ? this.stands(peer) : undefined
    if (!current()) return
    this.instead()
    // A machine that has too much to do connects late, and speaks then.
    if ((await connects(peer.connection, LATE_WITHIN)) && current()) this.stands(peer)
  }

  private stands(peer: Peer): void {
    clearTimeout(this.timer)
    this.pause = FIRST_PAUSE
    this.stopListening?.()
    this.stopListening = undefined
    this.state.set('joined')
    peer.connection.onconnectionstatechange = () => {
      const broken = ['disconnected', 'failed'].includes(peer.connection.connectionState)
      if (broken && peer === this.peer) this.again()
    }
  }

  /** No pair of addresses works: hear over the hub's own socket, and look again now and then. */
  private instead(): void {
    if (!canListen()) return this.failed(null)
    const { media, room, wish } = this.asked
    this.stopListening ??= listen(() => media.listen(room), wish.devices?.speaker)
    this.state.set('listening')
    this.later(PAUSE_LISTENING)
  }

  private failed(why: unknown): void {
    if (final(why)) return this.refuse(why)
    if (this.state.value === 'joined') this.state.set('rejoining')
    this.later(this.stopListening ? PAUSE_LISTENING : this.pause)
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2)
  }

  private later(millis: number): void {
    clearTimeout(this.timer)
    if (!this.over) this.timer = setTimeout(() => void this.attempt(), millis)
  }

  private refuse(why: HubProblem): void {
    this.problem.set(why)
    this.end('refused')
  }

  close(): void {
    if (this.over) return
    if (this.name) this.asked.media.leave(this.name)
    this.end('left')
  }

  private end(state: 'left' | 'refused'): void {
    this.turn += 1
    this.state.set(state)
    clearTimeout(this.timer)
    this.leaveNetwork()
    this.stopListening?.()
    this.peer?.close()
  }
}

const known = new WeakMap<Media, Promise<{ ice_servers: RTCIceServer[] }>>()

/** Asked once for each page; without an answer one goes on with none, as in a plain network. */
const iceOf = (media: Media): Promise<{ ice_servers: RTCIceServer[] }> => {
  const asked =
    known.get(media) ??
    media.config().catch(() => {
      known.delete(media)
      return { ice_servers: [] }
    })
  known.set(media, asked)
  return asked
}
