import { io, type Socket } from 'socket.io-client'
import { BYES, CLOSES, pause } from './closes'
import { observable, type Observable } from './observable'
import type { Problem } from './problem'

export type LinkState = 'online' | 'connecting' | 'offline' | 'signed-out'

/** What a socket says of itself at the door. A session cookie needs nothing; `as`: the deputy's
 *  cookie, even where an operator is signed in in the same browser. */
export type Auth =
  { device: string } | { link: string } | { key: string } | { as: 'deputy' } | Record<string, never>

export interface Bye {
  code: string
  retry_after?: number
  why?: string
}

export interface Link {
  readonly state: Observable<LinkState>
  readonly socket: Socket
  open(): void
  /** Comes in again, to say anew what is said at the door. */
  renew(): void
  close(): void
}

const GONE = new Set([401, 403])

/** Opens again by itself after everything but a refusal of the person. */
export const createLink = (
  url: string,
  auth: Auth,
  language: () => string,
  onSignedOut: () => void,
): Link => {
  const state = observable<LinkState>('signed-out')
  const socket = io(url || undefined, {
    transports: ['websocket'],
    autoConnect: false,
    auth: (say) => say({ ...auth, language: language() }),
    reconnectionDelay: 300,
    reconnectionDelayMax: 4000,
    timeout: 8000,
  })
  let wait = 0

  const leave = (): void => {
    state.set('signed-out')
    socket.disconnect()
    onSignedOut()
  }

  socket.on('connect', () => state.set('online'))
  socket.on('connect_error', (error: Error & { data?: Partial<Problem> }) => {
    if (GONE.has(error.data?.status ?? 0)) return leave()
    state.set('offline')
    // A refusal by the server, unlike a broken line, is not tried again by the library.
    if (!socket.active) setTimeout(() => socket.connect(), 2000)
  })
  socket.on('bye', (bye: Bye) => {
    wait = pause(bye.retry_after ?? 0.5, Math.random())
    if (bye.retry_after === undefined && GONE_CODES.has(bye.code)) return leave()
    // The library would come back at its own time; the hub named another.
    if (BYES[bye.code] === 'wait') socket.disconnect()
  })
  socket.on('disconnect', (reason, detail) => {
    if (state.value === 'signed-out') return
    const then = CLOSES[codeOf(detail)]
    if (then === 'stay-away') return leave()
    state.set('connecting')
    if (!socket.active) {
      setTimeout(() => socket.connect(), wait || 500)
      wait = 0
    }
  })

  return {
    state,
    socket,
    open() {
      if (socket.connected) return
      state.set('connecting')
      socket.connect()
    },
    renew() {
      if (socket.connected) socket.disconnect().connect()
    },
    close: leave,
  }
}

const GONE_CODES = new Set(['signed-out', 'revoked', 'not-signed-in', 'forbidden', 'expired'])

/** The WebSocket's close code, where the library says it. */
const codeOf = (detail: unknown): number =>
  (detail as { context?: { code?: number } } | undefined)?.context?.code ?? 0
