import { createRtc, HubProblem, type Hub, type Watch } from '@hub/client'
import type { CallKind, CallOptions, Me, MyCallRow } from '@hub/contract'
import { computed, inject, shallowReactive, shallowRef, type App, type InjectionKey } from 'vue'
import { createRinger } from './ringer'
import { byFront, byUrgency, hangsUpBy, listensFirst, ringingOf, takesAttention } from './rows'
import { createVoices } from './voices'
import { CALL_VIEW, ORDINARY } from './words'

export interface StartWish {
  kind: CallKind
  targets: readonly string[]
  title?: string
  priority?: number
  options?: Partial<CallOptions>
}

interface Taken {
  call: string
}

/** Acts that end with this page in the call. */
const acting = (hub: Hub, nonce: string, enter: (call: string, quiet?: boolean) => void) => {
  const into = async (call: string, type: string, fields: object, quiet = false): Promise<void> => {
    await hub.ask(type, { call, ...fields })
    enter(call, quiet)
  }
  return {
    start: async (wish: StartWish): Promise<string> => {
      const fields = { title: '', priority: ORDINARY, ...wish, options: wish.options ?? {} }
      const { call } = await hub.ask<Taken>('StartCall', fields)
      enter(call, wish.kind === 'ptt')
      return call
    },
    startPlan: async (plan: string, kind: CallKind): Promise<string> => {
      const { call } = await hub.ask<Taken>('StartPlan', { plan })
      enter(call, kind === 'ptt')
      return call
    },
    answer: (row: MyCallRow) => into(row.id, 'AnswerCall', { nonce }, listensFirst(row)),
    /** Of a call of one's own that goes on without one. */
    enter: (call: string) => into(call, 'AnswerCall', { nonce }),
    pickUp: (call: string, ref: string) => into(call, 'PickUpCall', { ref }),
    barge: (call: string) => into(call, 'BargeIn', {}),
    monitor: (call: string) => into(call, 'Monitor', {}, true),
    decline: (call: string) => hub.ask('DeclineCall', { call }),
    hold: (call: string, on: boolean) => hub.ask('HoldCall', { call, on }),
  }
}

export interface PhoneOptions {
  /** Sounds when it rings here. */
  ring?: boolean
  storage?: Storage
}

/**
 * One for each page: what rings for who sits here, which calls he is in, and their sound. Lives
 * longer than any screen, so that one may look elsewhere while talking.
 */
export const createPhone = (
  hub: Hub,
  { ring = true, storage = sessionStorage }: PhoneOptions = {},
) => {
  const rtc = createRtc(hub)
  const voices = createVoices(rtc, storage)
  const ringer = createRinger()
  const rows = shallowRef<ReadonlyMap<string, MyCallRow>>(new Map())
  /** Calls that this page answered by itself: said on the screen as long as they last. */
  const answered = shallowReactive(new Set<string>())
  const problem = shallowRef<HubProblem | null>(null)
  const muted = shallowReactive(new Set<string>())
  let watch: Watch<MyCallRow> | undefined
  let who = ''

  const acts = acting(hub, rtc.nonce, (call, quiet = false) => {
    voices.enter(call, `call:${call}`, quiet).mute(quiet)
  })
  const answerByItself = async (row: MyCallRow): Promise<void> => {
    answered.add(row.id)
    ringer.notice()
    await acts.answer(row).catch((why: unknown) => {
      if (why instanceof HubProblem) problem.value = why
    })
  }
  const take = (now: Watch<MyCallRow>): void => {
    if (now.problem) return
    rows.value = now.rows
    voices.settle(now.rows)
    for (const row of byUrgency(now.rows.values()))
      if (row.auto_answer && ring && !answered.has(row.id)) void answerByItself(row)
    ringer.set(ring ? ringingOf(now.rows.values()) : 'none')
  }
  const follow = (person: Me | null): void => {
    if (person?.id === who) return
    who = person?.id ?? ''
    watch?.stop()
    watch = undefined
    rows.value = new Map()
    ringer.set('none')
    for (const call of [...voices.sessions.keys()]) voices.leave(call)
    if (person) watch = hub.watch<MyCallRow>(CALL_VIEW.mine, {}, take)
  }
  hub.person.subscribe(follow)

  const front = computed(
    () => byFront(rows.value.values()).find(({ id }) => voices.sessions.has(id)) ?? null,
  )
  return {
    hub,
    rtc,
    rows,
    problem,
    answered,
    muted,
    ...acts,
    sessions: voices.sessions,
    ringing: computed(() => byUrgency(rows.value.values())),
    late: computed(() => [...rows.value.values()].filter((row) => row.late)),
    /** The call at hand: its sound is at this page. */
    front,
    session: computed(() => (front.value ? voices.sessions.get(front.value.id) : undefined)),
    /** One's calls, the one at hand first. `elsewhere`: answered at another page of the same seat. */
    talking: computed(() => byFront(rows.value.values())),
    /** One talks or listens at this seat, so that nothing else should be heard from here. */
    busy: computed(() => [...rows.value.values()].some(takesAttention)),
    elsewhere: (call: string): boolean => !voices.sessions.has(call),
    /** Brings the sound of a call that was answered at another page to this one. */
    bring: (call: string): void => void voices.enter(call, `call:${call}`, false),
    hangUp: async (row: MyCallRow): Promise<void> => {
      await hub.ask(hangsUpBy(row), { call: row.id })
      voices.leave(row.id)
    },
    mute: (call: string, on: boolean): void => {
      if (on) muted.add(call)
      else muted.delete(call)
      voices.sessions.get(call)?.mute(on)
    },
  }
}

export type Phone = ReturnType<typeof createPhone>
const PHONE: InjectionKey<Phone> = Symbol('phone')

export const providePhone = (app: App, phone: Phone): void => {
  app.provide(PHONE, phone)
}

export const usePhone = (): Phone => {
  const phone = inject(PHONE)
  if (!phone) throw new Error('No phone was provided to this app.')
  return phone
}
