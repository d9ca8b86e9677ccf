import { HubProblem, type Hub } from '@hub/client'
import type { Mark } from '@hub/contract'

type Line = Pick<Hub, 'link' | 'ask'>

const PAUSE = 250
const AT_ONCE = 200

const keyOf = (conversation: string, seat: string): string => `${conversation}/${seat}`

const raised = (one: Mark | undefined, other: Mark): Mark => ({
  ...other,
  delivered: Math.max(one?.delivered ?? 0, other.delivered ?? 0),
  read: Math.max(one?.read ?? 0, other.read ?? 0),
})

/** Tells the hub what came and what was read: together, each once, and later where the line is away. */
export const createMarks = (hub: Line) => {
  const told = new Map<string, Mark>()
  let waiting = new Map<string, Mark>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const put = (mark: Mark): void => {
    const key = keyOf(mark.conversation, mark.seat ?? '')
    const before = told.get(key)
    const now = raised(waiting.get(key) ?? before, mark)
    if (before && before.read === now.read && before.delivered === now.delivered) return
    waiting.set(key, now)
    timer ??= setTimeout(() => void flush(), PAUSE)
  }
  /** The first of those that wait; they count as told until the hub says otherwise. */
  const takeSome = (): [string, Mark][] => {
    const some = [...waiting].slice(0, AT_ONCE)
    waiting = new Map([...waiting].slice(AT_ONCE))
    for (const [key, mark] of some) told.set(key, mark)
    return some
  }
  const takeBack = (some: [string, Mark][], why: unknown): void => {
    if (!(why instanceof HubProblem)) throw why
    for (const [key] of some) told.delete(key)
    if (why.passing) for (const [, mark] of some) put(mark)
  }
  const flush = async (): Promise<void> => {
    timer = undefined
    while (waiting.size && hub.link.value === 'online') {
      const some = takeSome()
      try {
        await hub.ask('MarkMessages', { marks: some.map(([, mark]) => mark) })
      } catch (why) {
        return takeBack(some, why)
      }
    }
  }
  hub.link.subscribe((state) => {
    if (state === 'online') void flush()
  })

  return {
    delivered: (conversation: string, seat: string, number: number): void =>
      put({ conversation, seat, delivered: number, read: 0 }),
    read: (conversation: string, seat: string, number: number): void =>
      put({ conversation, seat, delivered: number, read: number }),
    forget(): void {
      told.clear()
      waiting.clear()
    },
  }
}

export type Marks = ReturnType<typeof createMarks>
