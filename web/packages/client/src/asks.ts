import type { Link } from './link'
import { HubProblem, ownProblem, type Problem } from './problem'
import { uuid7 } from './uuid7'

export interface AskOptions {
  /** How long, in milliseconds, to try before giving up; Infinity: until the line is back. */
  patience?: number
}

export type Answer<T> = ({ ok: true } & T) | { ok: false; problem: Problem }

const ANSWER_WITHIN = 10_000

const later = (millis: number): Promise<void> => new Promise((done) => setTimeout(done, millis))

const untilOnline = (link: Link, millis: number): Promise<boolean> =>
  new Promise((resolve) => {
    if (link.socket.connected) return resolve(true)
    const finish = (online: boolean) => (): void => {
      clearTimeout(timer)
      link.socket.off('connect', connected)
      resolve(online)
    }
    const connected = finish(true)
    const timer = Number.isFinite(millis) ? setTimeout(finish(false), millis) : undefined
    link.socket.on('connect', connected)
  })

/** One emit with its acknowledgement; null when no answer came (the line broke, or too slow). */
export const emitOnce = async <T>(
  link: Link,
  event: string,
  payload: unknown,
): Promise<Answer<T> | null> => {
  try {
    return (await link.socket.timeout(ANSWER_WITHIN).emitWithAck(event, payload)) as Answer<T>
  } catch {
    return null
  }
}

type Round<T> = { result: T } | { problem: HubProblem }

const round = async <T>(link: Link, language: () => string, message: object): Promise<Round<T>> => {
  const answer = await emitOnce<{ result: T }>(link, 'ask', message)
  if (answer?.ok) return { result: answer.result }
  return { problem: answer ? new HubProblem(answer.problem) : ownProblem('offline', language()) }
}

/**
 * Asks until there is an answer. The id stays the same, so that the hub does once what was asked
 * twice. Rejects with HubProblem: the hub's own sentence, or `offline` when patience has ended.
 */
export const ask = async <T>(
  link: Link,
  language: () => string,
  type: string,
  fields: object,
  options: AskOptions = {},
): Promise<T> => {
  const message = { type, id: uuid7(), ...fields }
  const deadline = Date.now() + (options.patience ?? 30_000)
  for (let step = 300; ; step = Math.min(step * 2, 3000)) {
    if (!(await untilOnline(link, deadline - Date.now()))) throw ownProblem('offline', language())
    const outcome = await round<T>(link, language, message)
    if ('result' in outcome) return outcome.result
    if (!outcome.problem.passing || Date.now() + step > deadline) throw outcome.problem
    await later(step)
  }
}
