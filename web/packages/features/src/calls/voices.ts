import type { Rtc, Session } from '@hub/client'
import type { MyCallRow } from '@hub/contract'
import { shallowReactive } from 'vue'
import { listensFirst, talks } from './rows'

/** Between an answer of the hub and the row that follows it. */
const SOON = 10_000
const KEPT = 'hub.calls'

const read = (storage: Storage): string[] => {
  try {
    return JSON.parse(storage.getItem(KEPT) ?? '[]') as string[]
  } catch {
    return []
  }
}

/** The calls whose sound is at this page. A page that is loaded again goes on with them. */
export const createVoices = (rtc: Rtc, storage: Storage) => {
  const sessions = shallowReactive(new Map<string, Session>())
  const awaited = new Map<string, number>()
  let remembered = read(storage)
  /** Whose microphone was asked for once: a person who refused it is not asked at every change. */
  const asked = new Set<string>()

  const keep = (): void => storage.setItem(KEPT, JSON.stringify([...sessions.keys()]))
  const enter = (call: string, room: string, quiet: boolean): Session => {
    const known = sessions.get(call)
    if (known) {
      if (!quiet && !known.outgoing.value.mic) void known.useMic('')
      return known
    }
    if (!quiet) asked.add(call)
    const session = rtc.join(room, { mic: quiet ? 'later' : true, slots: { audio: 3 } })
    awaited.set(call, Date.now() + SOON)
    sessions.set(call, session)
    keep()
    return session
  }
  const leave = (call: string): void => {
    sessions.get(call)?.leave()
    sessions.delete(call)
    awaited.delete(call)
    keep()
  }
  const over = (call: string, row: MyCallRow | undefined): boolean => {
    if (row && talks(row)) {
      awaited.delete(call)
      return false
    }
    return Date.now() > (awaited.get(call) ?? 0)
  }
  /** Who could only listen, and may talk now. */
  const letTalk = (call: string, row: MyCallRow | undefined): void => {
    const session = sessions.get(call)
    if (!session || !row?.may_talk || row.kind === 'ptt' || asked.has(call)) return
    asked.add(call)
    if (session.outgoing.value.mic) return
    session.mute(false)
    void session.useMic('')
  }
  return {
    sessions,
    enter,
    leave,
    /** Sound goes where the rows say that one is. */
    settle(rows: ReadonlyMap<string, MyCallRow>): void {
      for (const call of [...sessions.keys()])
        if (over(call, rows.get(call))) leave(call)
        else letTalk(call, rows.get(call))
      for (const call of remembered) {
        const row = rows.get(call)
        if (row && talks(row)) enter(call, row.room, listensFirst(row))
      }
      remembered = []
    },
  }
}
