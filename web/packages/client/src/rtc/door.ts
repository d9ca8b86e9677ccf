import { call, headersOf, type Door } from '../http'
import { takeWhep } from './whep'
import type { Joined, MediaConfig, Part } from './words'

const roomPath = (room: string): string => `/api/media/rooms/${encodeURIComponent(room)}`

// A WebSocket's protocols are tokens: neither `=` nor `/` may stand in them.
const base64url = (text: string): string =>
  btoa(text).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')

/** The hub's routes to the media plane. */
export const mediaOf = (door: Door) => ({
  config: () => call<MediaConfig>(door, 'GET', '/api/media/config'),

  join: (room: string, offer: string, parts: Record<string, Part>, nonce: string) =>
    call<Joined>(door, 'POST', `${roomPath(room)}/join`, { offer, roles: parts, nonce }),

  /** Works while the page is being closed, too. */
  leave: (peer: string): void =>
    void fetch(`${door.url}/api/media/peers/${encodeURIComponent(peer)}/leave`, {
      method: 'POST',
      headers: headersOf(door, 'POST'),
      credentials: 'same-origin',
      keepalive: true,
    }).catch(() => undefined),

  tiles: (peer: string, wanted: readonly string[] | null, large: number) =>
    call<object>(door, 'POST', `/api/media/peers/${encodeURIComponent(peer)}/tiles`, {
      wanted,
      large,
    }),

  /** What a live meeting shows, at once; `path` as its page says it. */
  whep: (path: string, iceServers: RTCIceServer[] = []) => takeWhep(door, path, iceServers),

  /** The same voice frames for who has neither UDP nor TCP to the media port. */
  listen: (room: string): WebSocket => {
    const url = new URL(`${door.url}${roomPath(room)}/listen`, location.href)
    url.searchParams.set('app', door.app ?? 'console')
    url.protocol = url.protocol.replace('http', 'ws')
    const words = door.authorization ? [`hub.${base64url(door.authorization)}`] : []
    const socket = new WebSocket(url, ['hub.opus', ...words])
    socket.binaryType = 'arraybuffer'
    return socket
  },
})

export type Media = ReturnType<typeof mediaOf>
