import { HubProblem } from '@hub/client'
import { computed, onScopeDispose, shallowRef } from 'vue'
import { useHub } from '../page/hub'

const SAY_EVERY = 3000
const FORGET_AFTER = 5000

interface Typing {
  type: 'Typing'
  conversation: string
  ref: string
  name: string
}

const isTyping = (signal: { type: string }): signal is Typing => signal.type === 'Typing'

/** Who writes just now; and telling that we do. It may be lost, and nobody waits for it. */
export const useTyping = (conversation: string, seat: () => string) => {
  const hub = useHub()
  const writers = shallowRef<ReadonlyMap<string, string>>(new Map())
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  let said = 0

  const forget = (ref: string): void => {
    clearTimeout(timers.get(ref))
    timers.delete(ref)
    if (writers.value.has(ref))
      writers.value = new Map([...writers.value].filter(([one]) => one !== ref))
  }
  const stop = hub.onSignal((signal) => {
    if (!isTyping(signal) || signal.conversation !== conversation || signal.ref === seat()) return
    forget(signal.ref)
    writers.value = new Map([...writers.value, [signal.ref, signal.name]])
    timers.set(
      signal.ref,
      setTimeout(() => forget(signal.ref), FORGET_AFTER),
    )
  })
  onScopeDispose(() => {
    stop()
    timers.forEach(clearTimeout)
  })
  const say = (): void => {
    if (Date.now() - said < SAY_EVERY || hub.link.value !== 'online') return
    said = Date.now()
    hub.ask('SayTyping', { conversation, seat: seat() }, { patience: 0 }).catch((why: unknown) => {
      if (!(why instanceof HubProblem)) throw why
    })
  }
  return { names: computed(() => [...writers.value.values()]), say, forget }
}
