import { HubProblem, type Hub } from '@hub/client'
import type { Snap, SnapStore } from './store'

/** What sending needs of the hub. */
export type Line = Pick<Hub, 'link' | 'ask' | 'uploadInPieces'>

export interface Hears {
  /** It stands otherwise now. */
  turned: (snap: Snap) => void
  /** 0 to 1, of all its files. */
  progress: (id: string, part: number) => void
  /** It was not given up meanwhile. */
  there: (id: string) => boolean
  /** What is on its way now is stopped by this. */
  going: (stop: () => void) => void
}

export type Outcome = 'delivered' | 'waiting' | 'failed' | 'dropped'

/** One round is one try: each further one is an attempt, and counted. */
const PATIENCE = 1
const LATER = new Set([0, 401, 408, 423, 425, 429])
/** It was there already: the receipt was lost on the way back. */
const THERE = new Set(['exists', 'other-state'])

const nothing = (): void => undefined
const DROPPED = new HubProblem({ code: 'dropped' })

const isLater = (problem: HubProblem): boolean => problem.passing || LATER.has(problem.status)
const instant = (at: number): string => new Date(at).toISOString()

/** How it is sent, by this phone's clock. */
const wayOf = (snap: Snap, now: number): object => ({
  tapped: instant(snap.tapped),
  began: instant(snap.began),
  phone_now: instant(now),
  attempts: snap.attempts,
  pieces: snap.pieces.length,
  bytes: snap.pieces.reduce((sum, { size }) => sum + size, 0),
})

const seen = ({ kind, text, place, where }: Snap): object => ({
  kind,
  text,
  place,
  ...(where ?? {}),
})

const unlessThere = async (asked: Promise<unknown>): Promise<void> => {
  try {
    await asked
  } catch (problem) {
    if (!(problem instanceof HubProblem && THERE.has(problem.code))) throw problem
  }
}

/** How it stands after that. What the hub did not say itself is thrown. */
const leftBy = (
  problem: unknown,
  snap: Snap,
): Pick<Snap, 'why' | 'pieces'> & { state: 'waiting' | 'failed' } => {
  if (!(problem instanceof HubProblem)) throw problem
  // It waited so long that the hub has cleared its files away.
  const cleared = problem.code === 'strange-file'
  const pieces = cleared ? snap.pieces.map((one) => ({ ...one, row: null })) : snap.pieces
  if (cleared || isLater(problem)) return { state: 'waiting', why: '', pieces }
  return { state: 'failed', why: problem.message, pieces }
}

/** One snapshot from this phone to the hub: told that it comes, its files in pieces, then itself. */
export const sendOne = async (
  line: Line,
  store: SnapStore,
  hears: Hears,
  snap: Snap,
  clock: () => number,
): Promise<Outcome> => {
  let now = snap
  const turn = async (fields: Partial<Snap>): Promise<void> => {
    if (!hears.there(now.id)) throw DROPPED
    now = { ...now, ...fields }
    hears.turned(now)
    await store.save(now)
  }
  const upload = async (at: number): Promise<void> => {
    const file = await store.file(now.id, at)
    if (!file) throw new HubProblem({ code: 'file-gone', status: 410 })
    const uploading = line.uploadInPieces(file, 'snapshot', {
      progress: (part) => hears.progress(now.id, (at + part) / now.pieces.length),
      paused: (paused) => {
        if (!paused && hears.there(now.id)) void turn({ attempts: now.attempts + 1 })
      },
    })
    const stopped = new Promise<never>((_, stop) =>
      hears.going(() => {
        uploading.cancel()
        stop(DROPPED)
      }),
    )
    const row = await Promise.race([uploading.done, stopped])
    await turn({ pieces: now.pieces.map((one, n) => (n === at ? { ...one, row } : one)) })
  }
  const go = async (): Promise<void> => {
    const ask = (type: string, form: object): Promise<unknown> => {
      const way = wayOf(now, clock())
      return line.ask(type, { case: now.id, form: { ...form, way } }, { patience: PATIENCE })
    }
    if (!now.announced) await unlessThere(ask('AnnounceSnapshot', seen(now)))
    await turn({ announced: true })
    for (const [at, piece] of now.pieces.entries()) if (!piece.row) await upload(at)
    await unlessThere(ask('SendSnapshot', { files: now.pieces.map(({ row }) => row?.id) }))
  }

  await turn({
    state: 'going',
    why: '',
    attempts: now.attempts + 1,
  })
  try {
    await go()
    return 'delivered'
  } catch (problem) {
    const left = leftBy(problem, now)
    if (problem === DROPPED || !hears.there(now.id)) return 'dropped'
    await turn(left)
    return left.state
  } finally {
    hears.going(nothing)
  }
}
