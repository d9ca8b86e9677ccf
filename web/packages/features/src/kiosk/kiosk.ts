import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useNow } from '../page/tick'
import { useInbox } from '../notices/inbox'
import { byNeed, isOfToday, type Listed } from '../notices/standing'
import { partingOf, queueOf, type Parting } from './turn'

const THANKS = 2600
const GOODBYE = 5000
const LOOKING = 120_000

/** What stands on the screen of a station: a notice in its turn, one somebody looks up, or the idle card. */
export const useKiosk = () => {
  const inbox = useInbox()
  const now = useNow()
  const listed = computed(() => inbox.listed(now.value))
  const queue = computed(() => queueOf(listed.value))
  const looking = ref<string | null>(null)
  /** Just answered: it stays until the thanks were read. */
  const lingering = ref<string | null>(null)
  const parted = shallowRef<{ title: string; why: Parting } | null>(null)
  const timers = new Set<ReturnType<typeof setTimeout>>()

  const after = (wait: number, run: () => void): void => {
    timers.add(setTimeout(run, wait))
  }
  const byId = (id: string | null): Listed | undefined =>
    id ? listed.value.find((one) => one.row.id === id) : undefined
  const current = computed<Listed | null>(
    () => byId(lingering.value) ?? queue.value[0] ?? byId(looking.value) ?? null,
  )

  watch(
    () => queue.value[0],
    (head, before) => {
      if (!before || head?.row.id === before.row.id || lingering.value) return
      const why = partingOf(before, byId(before.row.id))
      if (!why) return
      parted.value = { title: before.row.title, why }
      after(GOODBYE, () => (parted.value = null))
    },
  )
  let parting: ReturnType<typeof setTimeout> | undefined
  const leave = (): void => {
    looking.value = null
  }
  /** A finger on the screen is somebody who still reads. */
  const stay = (): void => {
    clearTimeout(parting)
    if (looking.value) parting = setTimeout(leave, LOOKING)
  }
  window.addEventListener('pointerdown', stay)
  onScopeDispose(() => {
    window.removeEventListener('pointerdown', stay)
    clearTimeout(parting)
    timers.forEach(clearTimeout)
  })

  return {
    now,
    current,
    waiting: computed(() => Math.max(0, queue.value.length - 1)),
    today: computed(() => listed.value.filter((one) => isOfToday(one.row, now.value)).sort(byNeed)),
    parted,
    look(id: string): void {
      looking.value = id
      stay()
    },
    leave,
    /** Called before an answer leaves, so that the notice does not vanish under the finger. */
    linger: (id: string) => (lingering.value = id),
    thank(id: string, answered: boolean): void {
      const end = (): void => {
        if (lingering.value === id) lingering.value = null
        if (looking.value === id) looking.value = null
      }
      if (answered) after(THANKS, end)
      else lingering.value = null
    },
  }
}
