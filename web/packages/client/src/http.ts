import type { Me } from '@hub/contract'
import { HubProblem, ownProblem, type Problem } from './problem'

export interface Door {
  url: string
  authorization?: string
  /** Whose cookie is meant where a browser has several. */
  app?: 'deputy'
  language: () => string
  csrf: () => string
  /** Tells the server's clock, milliseconds, and when the request left and the answer came. */
  heard: (server: number, left: number, came: number) => void
}

const SAFE = new Set(['GET', 'HEAD'])
const PATIENCE = 20_000
const FILE_PATIENCE = 120_000

export const headersOf = (door: Door, method: string): Record<string, string> => ({
  'Accept-Language': door.language(),
  ...(door.authorization ? { Authorization: door.authorization } : {}),
  ...(door.app ? { 'X-Hub-App': door.app } : {}),
  ...(SAFE.has(method) ? {} : { 'X-Hub-CSRF': door.csrf() }),
})

export const problemOf = (door: Door, status: number, text: string): HubProblem => {
  try {
    return new HubProblem({ status, ...(JSON.parse(text) as Partial<Problem>) })
  } catch {
    return status >= 502 && status <= 504
      ? ownProblem('offline', door.language())
      : new HubProblem({
          status,
          code: 'unreadable',
          detail: ownProblem('unreadable', door.language()).message,
        })
  }
}

const answerOf = <T>(door: Door, status: number, text: string): T => {
  if (status < 200 || status >= 300) throw problemOf(door, status, text)
  try {
    return (text === '' ? {} : JSON.parse(text)) as T
  } catch {
    throw ownProblem('unreadable', door.language())
  }
}

const hearClock = (door: Door, response: Response, left: number): void => {
  const server = Date.parse(response.headers.get('Date') ?? '')
  if (!Number.isNaN(server)) door.heard(server, left, Date.now())
}

export const call = async <T>(
  door: Door,
  method: string,
  path: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<T> => {
  const left = Date.now()
  const headers = { ...headersOf(door, method), ...more }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const response = await fetch(door.url + path, {
    method,
    headers,
    credentials: 'same-origin',
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  }).catch(() => {
    throw ownProblem('offline', door.language())
  })
  hearClock(door, response, left)
  return answerOf<T>(door, response.status, await response.text())
}

/** The bytes of a file: an <audio> or <img> tag cannot send a device key. */
export const bytes = async (door: Door, path: string): Promise<Blob> => {
  const response = await fetch(door.url + path, {
    headers: headersOf(door, 'GET'),
    credentials: 'same-origin',
    signal: AbortSignal.timeout(FILE_PATIENCE),
  }).catch(() => {
    throw ownProblem('offline', door.language())
  })
  if (!response.ok) throw problemOf(door, response.status, await response.text())
  return response.blob()
}

/** XMLHttpRequest, because fetch cannot tell how much has left. `onProgress` gets 0 to 1. */
export const send = <T>(
  door: Door,
  path: string,
  file: Blob,
  name: string,
  onProgress: (part: number) => void = () => undefined,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const form = new FormData()
    form.append('file', file, name)
    const request = new XMLHttpRequest()
    request.open('POST', door.url + path)
    for (const [key, value] of Object.entries(headersOf(door, 'POST')))
      request.setRequestHeader(key, value)
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    request.onerror = () => reject(ownProblem('offline', door.language()))
    request.onload = () => {
      try {
        resolve(answerOf<T>(door, request.status, request.responseText))
      } catch (problem) {
        reject(problem as HubProblem)
      }
    }
    request.send(form)
  })

export const meOf = (answer: Me | { me: Me }): Me => ('me' in answer ? answer.me : answer)
