import type Hls from 'hls.js/light'
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { LivePage } from './page'

/** A number for this page, by which it is counted: nothing else is known of its viewer. */
const viewer =
  crypto.randomUUID?.().replaceAll('-', '').slice(0, 20) ?? String(Math.random()).slice(2)

const RETRY = 1500
const BEAT = 1000
/** Seconds behind the edge that still count as live. */
const LIVE_WITHIN = 12

export type Showing = 'idle' | 'starting' | 'playing' | 'blocked' | 'slow' | 'failed'

const counted = (play: string): string => `${play}?v=${viewer}`

const playerOf = (Player: typeof Hls, now: LivePage, fail: () => void): Hls => {
  const player = new Player({
    enableWorker: false,
    lowLatencyMode: !now.replay,
    backBufferLength: now.replay ? 90 : Math.max(60, now.dvr),
    maxLiveSyncPlaybackRate: 1.1,
    manifestLoadingMaxRetry: 0,
    levelLoadingMaxRetry: 2,
  })
  player.on(Player.Events.ERROR, (_event, error) => {
    if (!error.fatal) return
    if (error.type === Player.ErrorTypes.MEDIA_ERROR) player.recoverMediaError()
    else fail()
  })
  return player
}

const edgeOf = (element: HTMLVideoElement, hls: Hls | null): number =>
  hls?.liveSyncPosition ??
  (element.seekable.length ? element.seekable.end(element.seekable.length - 1) : 0)

/** When what is shown just now was taken, milliseconds. */
const shownAt = (element: HTMLVideoElement, hls: Hls | null): number | null => {
  const own = (element as { getStartDate?: () => Date }).getStartDate?.().getTime()
  if (own && !Number.isNaN(own)) return own + element.currentTime * 1000
  return hls?.playingDate?.getTime() ?? null
}

/** Whose own player goes on while the phone is locked, and knows AirPlay; or who has no other. */
const playsItself = (element: HTMLVideoElement): boolean =>
  ('webkitPresentationMode' in element || !('MediaSource' in window)) &&
  element.canPlayType('application/vnd.apple.mpegurl') !== ''

/**
 * Plays a live meeting or its replay in a video element: by hls.js where there is MSE, else by the
 * browser itself (Safari, WeChat on iOS). `renew` fetches the page again: its pass has run out, or the meeting is over.
 */
export const usePlayer = (
  video: Ref<HTMLVideoElement | null>,
  page: Ref<LivePage | null>,
  renew: () => void,
) => {
  const showing = ref<Showing>('idle')
  const delay = ref<number | null>(null)
  const behind = ref(0)
  const hls = shallowRef<Hls | null>(null)
  let [clockOffset, turn] = [0, 0]
  let retry: ReturnType<typeof setTimeout> | undefined

  const again = (): void => {
    clearTimeout(retry)
    retry = setTimeout(renew, RETRY)
  }
  const start = (element: HTMLVideoElement): void => {
    element.play().then(
      () => undefined,
      (why: unknown) => {
        if (why instanceof DOMException && why.name === 'NotAllowedError') showing.value = 'blocked'
      },
    )
  }
  const fail = (): void => {
    showing.value = showing.value === 'playing' ? 'slow' : 'starting'
    again()
  }
  const byBrowser = (element: HTMLVideoElement, play: string): void => {
    element.src = counted(play)
    element.onerror = fail
    start(element)
  }
  const byHls = async (element: HTMLVideoElement, now: LivePage, mine: number): Promise<void> => {
    const { default: Player } = await import('hls.js/light')
    if (mine !== turn) return
    if (!Player.isSupported()) return byBrowser(element, now.play)
    hls.value = playerOf(Player, now, fail)
    hls.value.loadSource(counted(now.play))
    hls.value.attachMedia(element)
    start(element)
  }

  const stop = (): void => {
    turn += 1
    clearTimeout(retry)
    hls.value?.destroy()
    hls.value = null
    if (video.value) video.value.removeAttribute('src')
    delay.value = null
    showing.value = 'idle'
  }
  const begin = (): void => {
    const [element, now] = [video.value, page.value]
    stop()
    if (!element || !now?.play) return
    clockOffset = Date.parse(now.now) - Date.now()
    showing.value = 'starting'
    if (playsItself(element)) byBrowser(element, now.play)
    else void byHls(element, now, turn)
  }

  const look = (): void => {
    const [element, now] = [video.value, page.value]
    if (!element || !now || now.replay || element.readyState < 2) return
    const at = shownAt(element, hls.value)
    delay.value = at === null ? null : Math.max(0, (Date.now() + clockOffset - at) / 1000)
    const late = edgeOf(element, hls.value) - element.currentTime
    behind.value = late > LIVE_WITHIN ? late : 0
  }
  const beat = setInterval(look, BEAT)

  // WeChat lets a page play by itself once its bridge stands.
  const bridged = (): void => void (video.value && page.value?.play && start(video.value))
  document.addEventListener('WeixinJSBridgeReady', bridged)
  const hear = (element: HTMLVideoElement | null): void => {
    if (!element) return
    element.addEventListener('playing', () => (showing.value = 'playing'))
    element.addEventListener('waiting', () => {
      if (showing.value === 'playing') showing.value = 'slow'
    })
  }
  watch(video, hear, { immediate: true })
  watch([video, () => page.value?.play], begin, { immediate: true, flush: 'post' })
  onScopeDispose(() => {
    clearInterval(beat)
    document.removeEventListener('WeixinJSBridgeReady', bridged)
    stop()
  })

  return {
    showing,
    delay,
    behind,
    play: (): void => {
      if (video.value) start(video.value)
    },
    toLive: (): void => {
      const element = video.value
      if (!element) return
      element.currentTime = edgeOf(element, hls.value)
      start(element)
    },
  }
}
