import type { FileRow, LinkAsked, Me } from '@hub/contract'
import { ask, type AskOptions } from './asks'
import type { Row } from './changes'
import { createClock } from './clock'
import { createFreshness, type Freshness } from './freshness'
import { bytes, call, meOf, send, type Door } from './http'
import { createLink, type Auth, type Link } from './link'
import { observable, type Settable } from './observable'
import { HubProblem } from './problem'
import { mediaOf } from './rtc/door'
import { uploadInPieces, type UploadHears, type UploadPurpose } from './uploads'
import { createWatches, watch, type Watch, type WatchOptions } from './watches'

export interface HubOptions {
  /** "" is the origin the page came from. */
  url?: string
  auth?: Auth
  language?: () => string
}

export interface ViewAnswer<R> {
  rows: R[]
  total: number
  position: number
  /** Set where the hub's database is away: the rows are what they were then. */
  as_of?: string | null
}

const AUTHORIZATION: Record<string, (value: string) => string> = {
  device: (key) => `Device ${key}`,
  key: (key) => `Bearer ${key}`,
}

const authorizationOf = (auth: Auth): string | undefined => {
  const [kind, value] = Object.entries(auth)[0] ?? ['', '']
  return AUTHORIZATION[kind]?.(String(value))
}

/** An address that a browser opens by itself, without headers, says whose cookie is meant. */
const addressOf = (door: Door, path: string): string =>
  `${door.url}${path}${path.includes('?') ? '&' : '?'}app=${door.app ?? 'console'}`

const filesOf = (door: Door) => ({
  file: (url: string) => bytes(door, url),

  /** For `href` and `src`. */
  fileUrl: (path: string) => addressOf(door, path),

  upload: (file: File, purpose: 'attachment' | 'audio', onProgress?: (part: number) => void) =>
    send<FileRow>(door, `/api/files?purpose=${purpose}`, file, file.name, onProgress),

  /** The text spoken in Mandarin; `rate` from -10 (half as fast) to 10 (twice); 0 is the usual pace. */
  speech: (text: string, rate?: number) =>
    call<FileRow>(door, 'POST', '/api/speech', { text, rate }),

  importSheet: <T>(
    kind: string,
    file: File,
    dryRun: boolean,
    onProgress?: (part: number) => void,
  ) => send<T>(door, `/api/import/${kind}?dry_run=${dryRun ? 1 : 0}`, file, file.name, onProgress),

  exportUrl: (what: string, format: 'xlsx' | 'csv', params?: object) =>
    addressOf(
      door,
      `/api/export/${what}.${format}${params ? `?p=${encodeURIComponent(JSON.stringify(params))}` : ''}`,
    ),

  /** A live meeting as its viewer sees it, signed in or not; `link` is the word of a signed link. */
  livePage: <P>(live: string, link = '') =>
    call<P>(door, 'GET', `/api/lives/${live}${link ? `?k=${encodeURIComponent(link)}` : ''}`),

  /** What everybody may read; and what everybody may say, under an id made here. */
  openly: <T>(path: string) => call<T>(door, 'GET', `/api/public/${path}`),
  sayOpenly: <T>(path: string, body: object) => call<T>(door, 'POST', `/api/public/${path}`, body),

  lives: <R>() => call<{ rows: R[] }>(door, 'GET', '/api/lives'),
})

const viewsOf = (door: Door, freshness: Freshness) => {
  const view = async <R>(name: string, params: object = {}): Promise<ViewAnswer<R>> => {
    const path = `/api/views/${name}?p=${encodeURIComponent(JSON.stringify(params))}`
    const answer = await call<ViewAnswer<R>>(door, 'GET', path)
    if (answer.as_of)
      freshness.old(path, answer.as_of, () => void view(name, params).catch(nothing))
    else freshness.fresh(path)
    return answer
  }
  return { view }
}

const nothing = (): undefined => undefined

const nobody = (problem: unknown): null => {
  if (problem instanceof HubProblem && [401, 403].includes(problem.status)) return null
  throw problem
}

const sessionOf = (door: Door, link: Link, person: Settable<Me | null>) => {
  const enter = (answer: Me | { me: Me }): Me => {
    const me = meOf(answer)
    person.set(me)
    link.open()
    return me
  }
  return {
    /** Resolves to null when nobody is signed in. Opens the link when somebody is. */
    me: () => call<Me>(door, 'GET', '/api/me').then(enter, nobody),

    signIn: (login: string, password: string, code?: string) =>
      call<{ me: Me }>(door, 'POST', '/api/sign-in', {
        login,
        password,
        ...(code ? { code } : {}),
      }).then(enter),

    signInByLink: (token: string) =>
      call<{ me: Me }>(door, 'POST', '/api/sign-in/link', { token }).then(enter),

    /** Asks for a fresh link in place of one that no longer opens. Whoever holds the old one learns nothing:
     *  the answer is always the same sentence, and the new one goes to the addresses the hub knows. */
    renewLink: (token: string) => call<LinkAsked>(door, 'POST', '/api/links/renew', { token }),

    signOut: async (): Promise<void> => {
      await call(door, 'POST', '/api/sign-out').catch(nobody)
      link.close()
    },
  }
}

/** The only way from a page to the hub. One for each page. */
export const createHub = ({ url = '', auth = {}, language = () => 'zh' }: HubOptions = {}) => {
  const person = observable<Me | null>(null)
  const clock = createClock()
  const link = createLink(url, auth, language, () => person.set(null))
  const freshness = createFreshness()
  const watches = createWatches(link, freshness)
  const door: Door = {
    url,
    authorization: authorizationOf(auth),
    app: 'as' in auth ? auth.as : undefined,
    language,
    csrf: () => person.value?.csrf ?? '',
    heard: clock.hear,
  }
  return {
    ...filesOf(door),
    ...viewsOf(door, freshness),
    ...sessionOf(door, link, person),
    link: link.state,
    /** Of when the page is, milliseconds, while the hub's database is away; null: as it is. */
    asOf: freshness.asOf,
    clock,
    language,
    /** Used by rtc.ts alone. */
    media: mediaOf(door),
    /** Who is signed in, as far as this page knows. */
    person,
    /** For a page that needs no sign-in of its own: a station's device key. */
    open: () => link.open(),
    close: () => link.close(),
    /** After `language` has changed: sentences come in it from now on. */
    turn: () => link.renew(),

    /** `fields.id`, where given, is the command's id. */
    ask: <T = unknown>(type: string, fields: object, options?: AskOptions) =>
      ask<T>(link, language, type, fields, options),

    /** A large file, or one on a bad line: see uploads.ts. */
    uploadInPieces: (file: File, purpose: UploadPurpose, hears: UploadHears = {}) =>
      uploadInPieces(door, link, file, purpose, hears),

    watch: <R extends Row>(
      view: string,
      params: object,
      onChange: (watch: Watch<R>) => void,
      options?: WatchOptions<R>,
    ) => watch<R>(watches, view, params, onChange, options),

    /** Things that may be lost: `{type, …}`. */
    onSignal: (listener: (signal: { type: string }) => void): (() => void) => {
      link.socket.on('signal', listener)
      return () => link.socket.off('signal', listener)
    },
  }
}

export type Hub = ReturnType<typeof createHub>
