import type { HubProblem } from '../problem'
import { observable } from '../observable'
import { openCamera, openMic, openScreen } from './capture'
import type { Outgoing, Peer, Sending } from './peer'
import type { DeviceChoice } from './words'

const OPEN = { mic: openMic, camera: openCamera }

/** What this page sends. Tracks outlive connections: a new one gets the same. */
export const createOutgoing = (language: () => string, choice: DeviceChoice) => {
  const tracks = observable<Outgoing>({ mic: null, camera: null, screen: null })
  const problem = observable<HubProblem | null>(null)
  let peer: Peer | undefined
  let muted = false
  let ended = false

  const hush = (): void => {
    const { mic } = tracks.value
    if (mic) mic.enabled = !muted
  }
  const put = async (which: Sending, track: MediaStreamTrack | null): Promise<void> => {
    if (ended) return track?.stop()
    const before = tracks.value[which]
    tracks.set({ ...tracks.value, [which]: track })
    hush()
    await peer?.sending[which]?.sender.replaceTrack(track)
    if (before !== track) before?.stop()
  }
  /** The device may be pulled out, or the person may press the browser's own "stop sharing". */
  const guard = (which: Sending, track: MediaStreamTrack): void => {
    track.onended = () => {
      if (tracks.value[which] !== track) return
      if (which === 'screen') void put('screen', null)
      else void open(which)
    }
  }
  const take = async (which: Sending, track: MediaStreamTrack): Promise<void> => {
    guard(which, track)
    await put(which, track)
    problem.set(null)
  }
  const open = async (which: 'mic' | 'camera'): Promise<boolean> => {
    try {
      await take(which, await OPEN[which](choice, language()))
      return true
    } catch (why) {
      problem.set(why as HubProblem)
      await put(which, null)
      return false
    }
  }
  return {
    tracks,
    problem,
    open,
    put,
    share: async (): Promise<void> => take('screen', await openScreen(language())),
    /** Gives what there is to a new connection. */
    attach(next: Peer): void {
      peer = next
      for (const which of Object.keys(tracks.value) as Sending[])
        void next.sending[which]?.sender.replaceTrack(tracks.value[which])
    },
    mute(on: boolean): void {
      muted = on
      hush()
    },
    stop(): void {
      ended = true
      for (const track of Object.values(tracks.value)) (track as MediaStreamTrack | null)?.stop()
      tracks.set({ mic: null, camera: null, screen: null })
    },
  }
}

export type OutgoingTracks = ReturnType<typeof createOutgoing>
