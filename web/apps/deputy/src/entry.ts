import { HubProblem, type Hub } from '@hub/client'
import type { LinkAsked, Me } from '@hub/contract'
import { kept, type Inbox } from '@hub/features/notices'
import { inject, ref, shallowRef, type App, type InjectionKey } from 'vue'
import { endVisit, pageIn, settleVisit, takeProblem, takeVisit } from './visit'

export type Gate = 'entering' | 'in' | 'away' | 'refused' | 'stranger' | 'left'

const KNOCK_AGAIN = 5000

const owner = kept('hub.person', '')
/** Whose phone this is, as far as it remembers. */
export const lastHere = (): string => owner.read()

/** What waiting would not heal. */
const REFUSALS = new Set([400, 401, 403, 404, 410, 422])

/** The person, or the hub's sentence saying why not. */
const signInByLink = async (hub: Hub, token: string): Promise<Me | string> => {
  try {
    return await hub.signInByLink(token)
  } catch (refusal) {
    if (refusal instanceof HubProblem && REFUSALS.has(refusal.status)) return refusal.message
    throw refusal
  }
}

const createPlace = () => ({
  gate: ref<Gate>('entering'),
  me: shallowRef<Me | null>(null),
  /** The hub's sentence about the link. */
  why: ref(''),
  /** The link that was refused: a fresh one can be asked for with it. */
  refused: ref(''),
  /** Whose notices this phone keeps. */
  owner,
})

const leaving = (hub: Hub, inbox: Inbox, { gate, owner }: ReturnType<typeof createPlace>) => {
  return async (): Promise<void> => {
    await hub.signOut()
    inbox.forget()
    owner.clear()
    endVisit()
    gate.value = 'left'
  }
}

/** Who comes in, by which way, and where to. */
export const createEntry = (
  hub: Hub,
  inbox: Inbox,
  visit: ReturnType<typeof takeVisit>,
  go: (page: string) => void,
) => {
  const place = createPlace()
  const { gate, me, why, refused, owner } = place
  let unused = visit?.token ? visit : null

  const welcome = (person: Me): void => {
    if (owner.read() && owner.read() !== person.id) inbox.forget()
    owner.write(person.id)
    me.value = person
    gate.value = 'in'
    const page = unused && pageIn(unused)
    if (page) go(page)
    unused = null
    settleVisit()
  }
  /** The visit is kept: a reload comes back to the same door. */
  const turnAway = (sentence: string): void => {
    why.value = sentence
    refused.value = unused?.token ?? ''
    gate.value = 'refused'
    unused = null
  }
  /** No line: those who were here before read on, the others wait at the door. */
  const waitOutside = (): void => {
    const { rows } = inbox
    const wanted = unused?.delivery
    const known = owner.read() !== '' && (!wanted || rows.value.some((row) => row.id === wanted))
    if (known && gate.value !== 'in' && wanted) go(`/notices/${wanted}`)
    gate.value = known ? 'in' : 'away'
    setTimeout(() => void enter(), KNOCK_AGAIN)
  }
  const enter = async (): Promise<void> => {
    try {
      const person = unused ? await signInByLink(hub, unused.token) : await hub.me()
      if (typeof person === 'string') turnAway(person)
      else if (person) welcome(person)
      else gate.value = 'stranger'
    } catch (problem) {
      if (!(problem instanceof HubProblem)) throw problem
      waitOutside()
    }
  }
  hub.link.subscribe((state) => {
    if (state === 'signed-out' && gate.value === 'in' && me.value) gate.value = 'left'
  })
  const renew = (): Promise<LinkAsked> => hub.renewLink(refused.value)
  return { gate, me, why, problem: takeProblem(), enter, renew, leave: leaving(hub, inbox, place) }
}

export type Entry = ReturnType<typeof createEntry>
const ENTRY: InjectionKey<Entry> = Symbol('entry')
export const provideEntry = (app: App, entry: Entry): void => {
  app.provide(ENTRY, entry)
}
export const useEntry = (): Entry => {
  const entry = inject(ENTRY)
  if (!entry) throw new Error('No entry was provided to this app.')
  return entry
}
