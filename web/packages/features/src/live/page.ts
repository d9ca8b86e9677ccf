import { HubProblem } from '@hub/client'
import type { Instant, ShownLive, Uuid } from '@hub/contract'
import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useHub } from '../page/hub'

/** What a viewer's page needs; as hub/gateway/lives.py says it. */
export interface LivePage {
  live: ShownLive
  /** The playlist; empty while there is nothing to play. */
  play: string
  /** Where walls take the same by WebRTC; empty where they cannot. */
  whep: string
  /** Nobody shows anything just now. */
  dark: boolean
  replay: boolean
  /** Seconds one may go back. */
  dvr: number
  now: Instant
}

/** Milliseconds between two looks at what state it is in. */
const LOOKS: Record<ShownLive['state'], number> = {
  planned: 8_000,
  live: 20_000,
  ended: 10_000,
  cancelled: 60_000,
}

const DARK_LOOKS = 4_000

/** The address changes with its pass every half hour; what plays goes on by the old one until that is refused. */
const goingOn = (before: LivePage | null, now: LivePage): LivePage =>
  before?.play && now.play && before.replay === now.replay ? { ...now, play: before.play } : now

/** One live meeting as its viewer sees it, looked at again while something may change. `link`: the word of a signed link. */
export const useLivePage = (live: MaybeRefOrGetter<Uuid>, link: () => string = () => '') => {
  const hub = useHub()
  const page = shallowRef<LivePage | null>(null)
  const problem = shallowRef<HubProblem | null>(null)
  const ready = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let [over, turn] = [false, 0]

  const take = (now: LivePage, force: boolean): void => {
    problem.value = null
    page.value = force ? now : goingOn(page.value, now)
  }
  const refused = (why: unknown): void => {
    if (!(why instanceof HubProblem)) throw why
    if (!why.passing) problem.value = why
  }
  const look = async (force = false): Promise<void> => {
    clearTimeout(timer)
    const mine = (turn += 1)
    const current = (): boolean => mine === turn && !over
    await hub
      .livePage<LivePage>(toValue(live), link())
      .then((now) => current() && take(now, force))
      .catch((why: unknown) => current() && refused(why))
    if (!current()) return
    ready.value = true
    const pause = page.value?.dark ? DARK_LOOKS : LOOKS[page.value?.live.state ?? 'ended']
    timer = setTimeout(() => void look(), pause)
  }
  watch(
    () => [toValue(live), link()],
    () => {
      page.value = null
      ready.value = false
      void look(true)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    over = true
    clearTimeout(timer)
  })
  return { page, problem, ready, renew: () => void look(true) }
}
