import { preferHouseCodec, voicesAskedAgain } from './codecs'
import { ENCODING } from './picture'
import type { JoinWish, Part } from './words'

export interface Outgoing {
  mic: MediaStreamTrack | null
  camera: MediaStreamTrack | null
  screen: MediaStreamTrack | null
}

export type Sending = keyof Outgoing

export interface Peer {
  readonly connection: RTCPeerConnection
  readonly hearing: readonly RTCRtpTransceiver[]
  readonly sending: Readonly<Partial<Record<Sending, RTCRtpTransceiver>>>
  /** The offer, and what each of its lines is for. */
  offer(): Promise<{ offer: string; parts: Record<string, Part> }>
  close(): void
}

type Place = readonly [role: Part, transceiver: RTCRtpTransceiver]

const SOUND: RTCRtpEncodingParameters[] = [{ priority: 'high', networkPriority: 'high' }]
const PICTURE: RTCRtpEncodingParameters[] = [{ maxBitrate: ENCODING.full.bitrate }]

/** All lines stand from the beginning, so that nothing is negotiated while people talk. */
const places = (connection: RTCPeerConnection, wish: JoinWish, out: Outgoing): Place[] => {
  const send = (role: Sending): Place => {
    const [kind, sendEncodings] =
      role === 'mic' ? (['audio', SOUND] as const) : (['video', PICTURE] as const)
    return [
      role,
      connection.addTransceiver(out[role] ?? kind, { direction: 'sendonly', sendEncodings }),
    ]
  }
  const take = (role: Part, kind: 'audio' | 'video', count: number): Place[] =>
    Array.from({ length: count }, () => [
      role,
      connection.addTransceiver(kind, { direction: 'recvonly' }),
    ])
  const wanted: Record<Sending, boolean> = {
    mic: wish.mic !== false,
    camera: Boolean(wish.camera || wish.slots?.video),
    screen: Boolean(wish.screen),
  }
  return [
    ...(Object.keys(wanted) as Sending[]).filter((role) => wanted[role]).map(send),
    ...take('hear', 'audio', wish.slots?.audio ?? 3),
    ...take('watch', 'video', wish.slots?.video ?? 0),
  ]
}

const RECEIVES = new Set<Part>(['hear', 'watch'])

export const openPeer = (iceServers: RTCIceServer[], wish: JoinWish, out: Outgoing): Peer => {
  const connection = new RTCPeerConnection({
    iceServers,
    bundlePolicy: 'max-bundle',
    rtcpMuxPolicy: 'require',
  })
  const all = places(connection, wish, out)
  for (const [, transceiver] of all)
    if (transceiver.receiver.track.kind === 'video') preferHouseCodec(transceiver)
  return {
    connection,
    hearing: all.filter(([role]) => RECEIVES.has(role)).map(([, transceiver]) => transceiver),
    sending: Object.fromEntries(all.filter(([role]) => !RECEIVES.has(role))),
    async offer() {
      const { type, sdp = '' } = await connection.createOffer()
      await connection.setLocalDescription({ type, sdp: voicesAskedAgain(sdp) })
      const parts = Object.fromEntries(all.map(([role, { mid }]) => [mid ?? '', role]))
      return { offer: connection.localDescription?.sdp ?? '', parts }
    },
    close() {
      connection.onconnectionstatechange = null
      connection.oniceconnectionstatechange = null
      connection.close()
    },
  }
}

/** True when the two sides speak to each other; false when they do not within `millis`. */
export const connects = (connection: RTCPeerConnection, millis: number): Promise<boolean> =>
  new Promise((resolve) => {
    const look = (): void => {
      const state = connection.connectionState
      if (state === 'connected') finish(true)
      else if (state === 'failed' || state === 'closed') finish(false)
    }
    const finish = (done: boolean): void => {
      clearTimeout(timer)
      connection.removeEventListener('connectionstatechange', look)
      resolve(done)
    }
    const timer = setTimeout(() => finish(false), millis)
    connection.addEventListener('connectionstatechange', look)
    look()
  })
