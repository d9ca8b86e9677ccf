import type { Hub, HubProblem, Session } from '@hub/client'
import { useNow } from '../page/tick'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { floorStand } from './floor'
import { useObserved } from './observed'

interface FloorAnswer {
  outcome: 'granted' | 'queued' | 'denied' | 'released' | 'unchanged'
}

const PATIENCE = 3000

/** Push to talk: asks for the floor while pressed. The microphone is open only while one holds it. */
export const usePtt = (hub: Hub, session: () => Session | undefined) => {
  const now = useNow(250)
  const floor = useObserved(() => session()?.floor, null)
  const pressed = ref(false)
  const denied = ref(false)
  const problem = shallowRef<HubProblem | null>(null)
  const stand = computed(() => floorStand(floor.value, session()?.peer() ?? '', now.value))

  const ask = async (type: 'AskFloor' | 'ReleaseFloor'): Promise<void> => {
    const here = session()
    if (!here?.peer()) return
    problem.value = null
    denied.value = false
    try {
      const fields = { room: here.room, peer: here.peer() }
      const answer = await hub.ask<FloorAnswer>(type, fields, { patience: PATIENCE })
      denied.value = answer.outcome === 'denied'
    } catch (why) {
      problem.value = why as HubProblem
    }
  }
  const revoke = async (): Promise<void> => {
    const room = session()?.room
    await hub.ask('RevokeFloor', { room, ref: '' }).catch((why: HubProblem) => {
      problem.value = why
    })
  }
  const press = (): void => {
    if (pressed.value) return
    pressed.value = true
    void ask('AskFloor')
  }
  const release = (): void => {
    if (!pressed.value) return
    pressed.value = false
    session()?.mute(true)
    void ask('ReleaseFloor')
  }
  watch(
    () => stand.value.mode === 'mine' && pressed.value,
    async (speaks) => {
      const here = session()
      if (!here) return
      if (speaks && !here.outgoing.value.mic) await here.useMic('')
      here.mute(!(speaks && pressed.value))
    },
  )
  onScopeDispose(release)
  return { stand, pressed, denied, problem, press, release, revoke }
}

const TYPES = /^(INPUT|TEXTAREA|SELECT)$/

const isTyping = ({ target }: Event): boolean =>
  target instanceof HTMLElement && (TYPES.test(target.tagName) || target.isContentEditable)

/** The space bar as a key to talk, unless one types. */
export const useSpaceBar = (press: () => void, release: () => void): void => {
  const down = (event: KeyboardEvent): void => {
    if (event.code !== 'Space' || isTyping(event)) return
    event.preventDefault()
    if (!event.repeat) press()
  }
  const up = (event: KeyboardEvent): void => {
    if (event.code !== 'Space' || isTyping(event)) return
    event.preventDefault()
    release()
  }
  addEventListener('keydown', down)
  addEventListener('keyup', up)
  addEventListener('blur', release)
  onScopeDispose(() => {
    removeEventListener('keydown', down)
    removeEventListener('keyup', up)
    removeEventListener('blur', release)
  })
}
