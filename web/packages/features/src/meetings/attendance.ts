import { createRtc, refOf, type Hub, type HubProblem, type Session } from '@hub/client'
import type { MyMeetingRow } from '@hub/contract'
import { computed, effectScope, inject, shallowRef, watch, type App, type InjectionKey } from 'vue'
import { useObserved } from '../calls/observed'
import { heard, SILENCE } from './speaker'

const NOBODY: readonly string[] = []
const NO_TRACKS = { mic: null, camera: null, screen: null }
const LOOK = 300

export interface Coming {
  camera: boolean
  /** How many pictures this screen can show. */
  tiles: number
}

const KEPT = 'hub.meeting'

/** What is heard and seen in one meeting, for templates. */
const observe = (session: () => Session | undefined) => {
  const speaking = useObserved(() => session()?.speaking, NOBODY)
  const voice = shallowRef(SILENCE)
  const timer = setInterval(
    () => (voice.value = heard(voice.value, speaking.value[0] ?? '', Date.now())),
    LOOK,
  )
  watch(session, () => (voice.value = SILENCE))
  return {
    state: useObserved(() => session()?.state, 'left' as const),
    problem: useObserved(() => session()?.problem, null),
    device: useObserved(() => session()?.device, null),
    blocked: useObserved(() => session()?.blocked, false),
    slots: useObserved(() => session()?.slots, []),
    peers: useObserved(() => session()?.peers, new Map()),
    outgoing: useObserved(() => session()?.outgoing, NO_TRACKS),
    picture: useObserved(() => session()?.picture, 'full' as const),
    speaking,
    /** Who has the large picture: who speaks, or did last. */
    speaker: computed(() => voice.value.ref),
    end: () => clearInterval(timer),
  }
}

/** Tells when one belongs to a meeting no longer: it has ended, or one was removed. */
const whileIn = (hub: Hub, id: string, gone: () => void): (() => void) => {
  let known = false
  const watched = hub.watch<MyMeetingRow>('my_meetings', {}, ({ rows, ready }) => {
    if (!ready) return
    if (known && !rows.has(id)) gone()
    known = rows.has(id)
  })
  return () => watched.stop()
}

const attend = (hub: Hub, storage: Storage) => {
  const rtc = createRtc(hub)
  const session = shallowRef<Session>()
  const meeting = shallowRef('')
  const muted = shallowRef(false)
  /** One talks elsewhere. */
  let hushed = false
  const seen = observe(() => session.value)
  const refusal = shallowRef<HubProblem | null>(null)
  let coming: Coming = { camera: true, tiles: 16 }
  let stopWatching: () => void = () => undefined

  const drop = (): void => {
    stopWatching()
    session.value?.leave()
    session.value = undefined
    meeting.value = ''
    storage.removeItem(KEPT)
  }
  const begin = (room: string): Session =>
    rtc.join(room, {
      mic: true,
      camera: coming.camera,
      screen: true,
      slots: { audio: 3, video: coming.tiles },
    })
  const enter = async (id: string, how: Coming): Promise<void> => {
    if (meeting.value === id) return
    if (meeting.value) await leave()
    coming = how
    const { room } = await hub.ask<{ room: string }>('EnterMeeting', { meeting: id })
    meeting.value = id
    muted.value = false
    refusal.value = null
    stopWatching = whileIn(hub, id, drop)
    session.value = begin(room)
    session.value.mute(hushed)
    storage.setItem(KEPT, id)
  }
  const leave = async (): Promise<void> => {
    const id = meeting.value
    drop()
    if (id) await hub.ask('LeaveMeeting', { meeting: id })
  }
  const mute = (on: boolean): void => {
    muted.value = on
    session.value?.mute(on || hushed)
  }
  const hush = (on: boolean): void => {
    hushed = on
    session.value?.mute(on || muted.value)
  }
  const share = async (on: boolean): Promise<void> => {
    const now = session.value
    if (!now) return
    if (on) await now.share(true)
    try {
      await hub.ask('ShareScreen', { meeting: meeting.value, on })
    } catch (why) {
      await now.share(false)
      throw why
    }
    if (!on) await now.share(false)
  }
  watch(seen.state, (state) => {
    if (state !== 'refused') return
    refusal.value = seen.problem.value
    drop()
  })
  // The browser's own "stop sharing", or a window that was closed.
  watch(
    () => seen.outgoing.value.screen,
    (now, before) => {
      if (before && !now && meeting.value)
        void hub.ask('ShareScreen', { meeting: meeting.value, on: false }).catch(() => undefined)
    },
  )
  return {
    ...seen,
    meeting,
    session,
    muted,
    /** As whom one is in it; known with the first connection. */
    own: computed(() =>
      seen.state.value === 'connecting' ? '' : refOf(session.value?.peer() ?? ''),
    ),
    /** Why one was put out, in the hub's words. */
    refusal,
    /** Where this page was before it was loaded again. */
    before: (): string => storage.getItem(KEPT) ?? '',
    enter,
    leave,
    mute,
    hush,
    share,
    camera: (on: boolean) => session.value?.useCamera(on ? '' : null),
  }
}

export type Attendance = ReturnType<typeof attend>

/** One for each page: the meeting this page is in, if any. It outlives the screens that show it. */
export const createAttendance = (hub: Hub, storage: Storage = sessionStorage): Attendance =>
  effectScope(true).run(() => attend(hub, storage)) as Attendance

const ATTENDANCE: InjectionKey<Attendance> = Symbol('attendance')

export const provideAttendance = (app: App, attendance: Attendance): void => {
  app.provide(ATTENDANCE, attendance)
}

export const useAttendance = (): Attendance => {
  const attendance = inject(ATTENDANCE)
  if (!attendance) throw new Error('No attendance was provided to this app.')
  return attendance
}
