import { headersOf, problemOf, type Door } from '../http'
import { ownProblem } from '../problem'
import { connects } from './peer'
import { preferHouseCodec } from './codecs'

export interface Whep {
  readonly connection: RTCPeerConnection
  readonly stream: MediaStream
  stop(): void
}

const ANSWERED_WITHIN = 10_000
const CONNECTED_WITHIN = 6_000

const sessionOf = async (door: Door, path: string, offer: string): Promise<[string, string]> => {
  const response = await fetch(door.url + path, {
    method: 'POST',
    headers: { ...headersOf(door, 'POST'), 'Content-Type': 'application/sdp' },
    credentials: 'same-origin',
    body: offer,
    signal: AbortSignal.timeout(ANSWERED_WITHIN),
  }).catch(() => {
    throw ownProblem('offline', door.language())
  })
  const text = await response.text()
  if (!response.ok) throw problemOf(door, response.status, text)
  return [text, response.headers.get('Location') ?? '']
}

/** Works while the page is being closed, too. */
const leave = (door: Door, session: string): void =>
  void fetch(door.url + session, {
    method: 'DELETE',
    headers: headersOf(door, 'DELETE'),
    credentials: 'same-origin',
    keepalive: true,
  }).catch(() => undefined)

/** Takes what a room shows (WHEP): connected, or it throws. */
export const takeWhep = async (
  door: Door,
  path: string,
  iceServers: RTCIceServer[],
): Promise<Whep> => {
  const connection = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' })
  const stream = new MediaStream()
  for (const kind of ['video', 'audio'] as const) {
    const taken = connection.addTransceiver(kind, { direction: 'recvonly' })
    if (kind === 'video') preferHouseCodec(taken)
    stream.addTrack(taken.receiver.track)
  }
  let session = ''
  const stop = (): void => {
    connection.close()
    if (session) leave(door, session)
  }
  try {
    await connection.setLocalDescription()
    const answer = await sessionOf(door, path, connection.localDescription?.sdp ?? '')
    session = answer[1]
    await connection.setRemoteDescription({ type: 'answer', sdp: answer[0] })
    if (!(await connects(connection, CONNECTED_WITHIN)))
      throw ownProblem('offline', door.language())
  } catch (why) {
    stop()
    throw why
  }
  return { connection, stream, stop }
}
