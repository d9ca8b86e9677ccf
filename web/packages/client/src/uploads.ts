import type { FileRow } from '@hub/contract'
import { Upload, type DetailedError } from 'tus-js-client'
import { call, headersOf, type Door } from './http'
import type { Link } from './link'
import { HubProblem, ownProblem, type Problem } from './problem'

export type UploadPurpose = 'message' | 'voice' | 'case' | 'snapshot'

export interface UploadHears {
  /** 0 to 1. */
  progress?: (part: number) => void
  /** True: it waits for the line, and goes on by itself. */
  paused?: (paused: boolean) => void
}

export interface Uploading {
  /** Rejects with HubProblem. Never settles after `cancel`. */
  readonly done: Promise<FileRow>
  cancel(): void
}

interface UploadAnswer {
  file: FileRow | null
}

const PLACE = '/api/uploads'
const PIECE = 1024 * 1024
const PAUSES = [300, 1000, 3000]
/** How long until another try where the line stands, but the hub does not take it. */
const AGAIN = 3000
const TRIES = 20
const TUS = { 'Tus-Resumable': '1.0.0' }
/** Somebody else still holds the upload, or the hub is away: worth trying again. */
const LATER = new Set([0, 408, 409, 423, 425, 429, 460])

const statusOf = (error: Error): number =>
  (error as DetailedError).originalResponse?.getStatus() ?? 0

const isPassing = (error: Error): boolean => LATER.has(statusOf(error)) || statusOf(error) >= 500

const problemOf = (door: Door, error: Error): HubProblem => {
  try {
    const body = (error as DetailedError).originalResponse?.getBody() ?? ''
    return new HubProblem({ status: statusOf(error), ...(JSON.parse(body) as Partial<Problem>) })
  } catch {
    return ownProblem('unreadable', door.language())
  }
}

const later = (millis: number): Promise<void> => new Promise((done) => setTimeout(done, millis))

/** What became of it. Asked again while the hub is away: the bytes are safe already. */
const fileOf = async (door: Door, url: string): Promise<FileRow> => {
  const path = new URL(url, location.href).pathname
  for (let tries = 1; ; tries += 1)
    try {
      const { file } = await call<UploadAnswer>(door, 'GET', path, undefined, TUS)
      if (file) return file
      throw ownProblem('offline', door.language())
    } catch (why) {
      if (!(why instanceof HubProblem && why.passing) || tries === TRIES) throw why
      await later(AGAIN)
    }
}

/** An upload that was begun with this very file and broke off, perhaps before a reload, goes on. */
const begin = async (upload: Upload, live: () => boolean): Promise<void> => {
  const [before] = await upload.findPreviousUploads().catch(() => [])
  if (!live()) return
  if (before) upload.resumeFromPreviousUpload(before)
  upload.start()
}

/** In pieces by the tus protocol: waits while the line is away, and goes on where it broke off. */
export const uploadInPieces = (
  door: Door,
  link: Link,
  file: File,
  purpose: UploadPurpose,
  { progress = () => undefined, paused = () => undefined }: UploadHears,
): Uploading => {
  let state: 'going' | 'paused' | 'over' = 'going'
  let leave: () => void = () => undefined
  let stop: () => void = () => undefined

  const done = new Promise<FileRow>((resolve, reject) => {
    const finish = (): void => {
      state = 'over'
      leave()
    }
    const turn = (next: 'going' | 'paused'): void => {
      if (state === next || state === 'over') return
      state = next
      paused(next === 'paused')
      if (next === 'paused') void upload.abort()
      else upload.start()
    }
    const rest = (): void => {
      turn('paused')
      setTimeout(() => link.state.value === 'online' && turn('going'), AGAIN)
    }
    const upload = new Upload(file, {
      endpoint: new URL(door.url + PLACE, location.href).href,
      metadata: { filename: file.name, purpose },
      chunkSize: PIECE,
      retryDelays: PAUSES,
      removeFingerprintOnSuccess: true,
      onBeforeRequest: (request) => {
        for (const [name, value] of Object.entries(headersOf(door, 'POST')))
          request.setHeader(name, value)
      },
      onShouldRetry: isPassing,
      onProgress: (sent, whole) => progress(whole ? sent / whole : 1),
      onError: (error) => {
        if (isPassing(error)) return rest()
        finish()
        reject(problemOf(door, error))
      },
      onSuccess: () => {
        finish()
        fileOf(door, upload.url ?? '').then(resolve, reject)
      },
    })
    stop = () => {
      finish()
      void upload.abort(true).catch(() => undefined)
    }
    leave = link.state.subscribe((now) => turn(now === 'online' ? 'going' : 'paused'))
    if (state === 'going') void begin(upload, () => state === 'going')
  })
  return { done, cancel: () => stop() }
}
