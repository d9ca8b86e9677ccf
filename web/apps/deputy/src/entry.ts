import { HubProblem, type Hub } from '@hub/client'
import type { Me } from '@hub/contract'
import { kept, type Inbox } from '@hub/features/notices'
import { inject, ref, shallowRef, type App, type InjectionKey } from 'vue'
import { endVisit, settleVisit, takeProblem, takeVisit } from './visit'

export type Gate = 'entering' | 'in' | 'away' | 'refused' | 'stranger' | 'left'

const KNOCK_AGAIN = 5000

/** Who comes in, by which way, and where to. */
export const createEntry = (
  hub: Hub,
  inbox: Inbox,
  visit: ReturnType<typeof takeVisit>,
  go: (delivery: string) => void,
) => {
  const gate = ref<Gate>('entering')
  const me = shallowRef<Me | null>(null)
  /** The hub's sentence about the link. */
  const why = ref('')
  const problem = takeProblem()
  const owner = kept('hub.person', '')
  let unused = visit?.token ? visit : null

  const welcome = (person: Me): void => {
    if (owner.read() && owner.read() !== person.id) inbox.forget()
    owner.write(person.id)
    me.value = person
    gate.value = 'in'
    if (unused?.delivery) go(unused.delivery)
    unused = null
    settleVisit()
  }
  const byLink = async (token: string): Promise<Me | null> => {
    try {
      return await hub.signInByLink(token)
    } catch (refusal) {
      if (!(refusal instanceof HubProblem) || !refusal.status || refusal.status >= 500)
        throw refusal
      why.value = refusal.message
      unused = null
      endVisit()
      return null
    }
  }
  /** No line: those who were here before read on, the others wait at the door. */
  const waitOutside = (): void => {
    const known = owner.read() !== '' && inbox.rows.value.length > 0
    if (known && gate.value !== 'in' && unused?.delivery) go(unused.delivery)
    gate.value = known ? 'in' : 'away'
    setTimeout(() => void enter(), KNOCK_AGAIN)
  }
  const enter = async (): Promise<void> => {
    try {
      const person = unused ? await byLink(unused.token) : await hub.me()
      if (person) welcome(person)
      else gate.value = why.value ? 'refused' : 'stranger'
    } catch (problemOnTheWay) {
      if (!(problemOnTheWay instanceof HubProblem)) throw problemOnTheWay
      waitOutside()
    }
  }
  hub.link.subscribe((state) => {
    if (state === 'signed-out' && gate.value === 'in' && me.value) gate.value = 'left'
  })

  return {
    gate,
    me,
    why,
    problem,
    enter,
    /** The link failed, but one may have come in before by another. */
    enterAnyway: async (): Promise<void> => {
      why.value = ''
      await enter()
    },
    leave: async (): Promise<void> => {
      await hub.signOut()
      inbox.forget()
      owner.clear()
      endVisit()
      gate.value = 'left'
    },
  }
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
