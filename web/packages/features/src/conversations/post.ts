import { HubProblem, uuid7, type Hub } from '@hub/client'
import type { FileRow, Quote } from '@hub/contract'
import { shallowRef } from 'vue'
import { kept, type Kept } from '../notices/kept'

/** What a person wants said. */
export interface Letter {
  conversation: string
  seat: string
  text: string
  files: readonly FileRow[]
  reply: Quote | null
  mentions: readonly string[]
  everyone: boolean
  notice: boolean
}

/** `waiting`: for the line, it goes by itself. `failed`: refused; `why` is the hub's sentence. */
export type OutgoingState = 'sending' | 'waiting' | 'failed' | 'taken'

/** A message on its way. Its id is the command's and the message's: sent twice, it is there once. */
export interface Outgoing extends Letter {
  id: string
  at: string
  state: OutgoingState
  why: string
}

export type Line = Pick<Hub, 'link' | 'ask' | 'clock'>

const PATIENCE = { online: 10_000, away: 1000 }
const AGAIN = 3000
/** A message that was taken stays until the hub has told it, or for so long. */
const LINGERS = 15_000
const LATER = new Set([0, 401, 408, 425, 429])

const wishOf = ({ id, reply, files, ...letter }: Outgoing): object => ({
  id,
  conversation: letter.conversation,
  seat: letter.seat,
  text: letter.text,
  files: files.map((file) => file.id),
  reply_to: reply?.id ?? null,
  mentions: letter.mentions,
  everyone: letter.everyone,
  notice: letter.notice,
})

const deliver = async (hub: Line, one: Outgoing): Promise<Partial<Outgoing>> => {
  const patience = hub.link.value === 'online' ? PATIENCE.online : PATIENCE.away
  try {
    await hub.ask('SendMessage', wishOf(one), { patience })
    return { state: 'taken', why: '' }
  } catch (why) {
    if (!(why instanceof HubProblem)) throw why
    const later = why.passing || LATER.has(why.status)
    return { state: later ? 'waiting' : 'failed', why: why.message }
  }
}

/** What leaves waits here, over reloads, until the hub has taken it; in order within a conversation. */
const createShelf = (storage: Storage) => {
  const all = shallowRef<readonly Outgoing[]>([])
  const known = new Set<string>()
  let memory: Kept<Outgoing[]> | null = null

  /** Another page of the same person may have messages of its own there. */
  const keep = (): void => {
    if (!memory) return
    const others = memory.read().filter((one) => !known.has(one.id))
    memory.write([...others, ...all.value.filter((one) => one.state !== 'taken')])
  }
  const set = (next: readonly Outgoing[]): void => {
    all.value = next
    for (const one of next) known.add(one.id)
    keep()
  }
  return {
    all,
    set,
    find: (id: string) => all.value.find((one) => one.id === id),
    change: (id: string, fields: Partial<Outgoing>): void =>
      set(all.value.map((one) => (one.id === id ? { ...one, ...fields } : one))),
    drop: (id: string): void => set(all.value.filter((one) => one.id !== id)),
    openFor(owner: string): void {
      memory = kept<Outgoing[]>(`hub.post.${owner}`, [], storage)
      const left = memory.read().map((one) => ({ ...one, state: 'waiting' as const }))
      set(left)
    },
    close(): void {
      memory = null
      all.value = []
      known.clear()
    },
  }
}

export const createPost = (hub: Line, storage: Storage = localStorage) => {
  const shelf = createShelf(storage)
  const busy = new Set<string>()

  const next = (conversation: string): Outgoing | undefined =>
    shelf.all.value.find(
      (one) =>
        one.conversation === conversation && (one.state === 'sending' || one.state === 'waiting'),
    )
  /** False: it waits, and so do those behind it. */
  const sendOne = async (one: Outgoing): Promise<boolean> => {
    shelf.change(one.id, { state: 'sending' })
    const outcome = await deliver(hub, one)
    shelf.change(one.id, outcome)
    if (outcome.state === 'taken') setTimeout(() => shelf.drop(one.id), LINGERS)
    return outcome.state !== 'waiting'
  }
  const flush = async (conversation: string): Promise<void> => {
    if (busy.has(conversation)) return
    busy.add(conversation)
    try {
      for (let one = next(conversation); one; one = next(conversation))
        if (!(await sendOne(one))) {
          if (hub.link.value === 'online') setTimeout(() => void flush(conversation), AGAIN)
          return
        }
    } finally {
      busy.delete(conversation)
    }
  }
  const flushAll = (): void => {
    for (const id of new Set(shelf.all.value.map((one) => one.conversation))) void flush(id)
  }
  hub.link.subscribe((state) => {
    if (state === 'online') flushAll()
  })

  return {
    all: shelf.all,
    send(letter: Letter): Outgoing {
      const at = new Date(hub.clock.now()).toISOString()
      const one: Outgoing = { ...letter, id: uuid7(), at, state: 'sending', why: '' }
      shelf.set([...shelf.all.value, one])
      void flush(letter.conversation)
      return one
    },
    /** With the same id: what did arrive after all is not there twice. */
    retry(id: string): void {
      const one = shelf.find(id)
      if (!one) return
      shelf.change(id, { state: 'sending', why: '' })
      void flush(one.conversation)
    },
    drop: shelf.drop,
    openFor(owner: string): void {
      shelf.openFor(owner)
      flushAll()
    },
    close: shelf.close,
  }
}

export type Post = ReturnType<typeof createPost>
