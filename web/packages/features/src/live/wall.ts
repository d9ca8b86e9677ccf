import { HubProblem } from '@hub/client'
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { useHub } from '../page/hub'

type Taken = Awaited<ReturnType<ReturnType<typeof useHub>['media']['whep']>>

const AGAIN = 1_000
const TRIES = 3
/** A line that stood so long and broke begins to count anew. */
const STOOD = 10_000
/** A broken pair of addresses mends itself within this, or not at all. */
const MENDS = 3_000

export type WallShowing = 'idle' | 'starting' | 'playing' | 'silent' | 'again'

/**
 * Plays what a WHEP address gives in a video element, and comes back after a broken line. `givenUp`: it does not
 * come this way; HLS remains.
 */
export const useWall = (video: Ref<HTMLVideoElement | null>, path: Ref<string>) => {
  const hub = useHub()
  const showing = ref<WallShowing>('idle')
  const givenUp = ref(false)
  let [turn, tries] = [0, 0]
  let taken: Taken | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const stop = (): void => {
    turn += 1
    clearTimeout(timer)
    taken?.stop()
    taken = null
    if (video.value) video.value.srcObject = null
  }
  const play = async (element: HTMLVideoElement, stream: MediaStream): Promise<void> => {
    element.srcObject = stream
    try {
      await element.play()
      showing.value = 'playing'
    } catch (why) {
      if (!(why instanceof DOMException)) throw why
      if (why.name !== 'NotAllowedError') return
      // A page that nobody has touched may show, and not sound.
      element.muted = true
      await element.play().catch(() => undefined)
      showing.value = 'silent'
    }
  }
  const again = (): void => {
    stop()
    tries += 1
    if (tries > TRIES) {
      givenUp.value = true
      return
    }
    showing.value = 'again'
    timer = setTimeout(() => void begin(), AGAIN)
  }
  const mind = (connection: RTCPeerConnection): void => {
    const since = Date.now()
    connection.onconnectionstatechange = () => {
      clearTimeout(timer)
      if (connection.connectionState === 'connected') return
      if (Date.now() - since > STOOD) tries = 0
      const pause = connection.connectionState === 'failed' ? 0 : MENDS
      timer = setTimeout(again, pause)
    }
  }
  const take = async (element: HTMLVideoElement, mine: number): Promise<void> => {
    const { ice_servers } = await hub.media.config()
    const found = await hub.media.whep(path.value, ice_servers)
    if (mine !== turn) return found.stop()
    taken = found
    mind(found.connection)
    await play(element, found.stream)
  }
  const begin = async (): Promise<void> => {
    stop()
    const [element, mine] = [video.value, turn]
    if (!element || !path.value) return
    if (showing.value === 'idle') showing.value = 'starting'
    await take(element, mine).catch((why: unknown) => {
      if (!(why instanceof HubProblem || why instanceof DOMException)) throw why
      if (mine === turn) again()
    })
  }
  const fresh = (): void => {
    ;[tries, givenUp.value, showing.value] = [0, false, 'idle']
    void begin()
  }
  const touched = (): void => {
    if (video.value && !video.value.muted && taken) showing.value = 'playing'
  }
  watch(
    video,
    (element) => {
      element?.addEventListener('volumechange', touched)
      if (element) void begin()
    },
    { flush: 'post' },
  )
  watch(path, fresh)
  onScopeDispose(stop)
  return { showing, givenUp }
}
