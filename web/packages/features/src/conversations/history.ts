import type { HubProblem } from '@hub/client'
import type { MessageRow } from '@hub/contract'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { useHub } from '../page/hub'
import {
  above,
  atEnd,
  below,
  EMPTY,
  heard,
  holds,
  MOST,
  newest,
  oldest,
  opened,
  trimmed,
  type Thread,
} from './thread'

const SNAPSHOT = 50
const PAGE = 50
const CATCH_UP = 200

type Loading = 'above' | 'below' | null

/** Pages of messages, one at a time. */
const createPages = (conversation: string, fail: (why: HubProblem | null) => void) => {
  const hub = useHub()
  const loading = ref<Loading>(null)
  const page = async (where: object, limit = PAGE): Promise<MessageRow[] | null> => {
    try {
      const { rows } = await hub.view<MessageRow>('messages', { conversation, limit, ...where })
      fail(null)
      return rows
    } catch (why) {
      fail(why as HubProblem)
      return null
    }
  }
  const alone = async (what: Loading, run: () => Promise<void>): Promise<void> => {
    if (loading.value) return
    loading.value = what
    try {
      await run()
    } finally {
      loading.value = null
    }
  }
  return { loading, page, alone }
}

/** The messages of a conversation: the newest as they come, the older ones as one scrolls. */
export const useHistory = (conversation: string, from: number | null = null) => {
  const hub = useHub()
  const thread = shallowRef<Thread>(EMPTY)
  const ready = ref(false)
  const whole = ref(false)
  const problem = shallowRef<HubProblem | null>(null)
  /** The end is followed as messages come; false while one reads far above. */
  let following = from === null
  const { loading, page, alone } = createPages(conversation, (why) => (problem.value = why))

  const catchUp = (): Promise<void> =>
    alone('below', async () => {
      // Further behind than a page holds: the reader scrolls down through it.
      while (!atEnd(thread.value) && thread.value.last - newest(thread.value) <= MOST) {
        const rows = await page({ after: newest(thread.value) }, CATCH_UP)
        if (!rows?.length) return
        thread.value = trimmed(below(thread.value, rows), 'below')
      }
      following = atEnd(thread.value)
    })
  const take = (rows: MessageRow[]): void => {
    thread.value = heard(thread.value, rows)
    if (following) thread.value = trimmed(thread.value, 'below')
    if (following && !atEnd(thread.value)) void catchUp()
  }
  const begin = (rows: MessageRow[]): void => {
    whole.value = rows.length < SNAPSHOT
    thread.value = opened(rows)
    ready.value = true
  }
  const watch = hub.watch<MessageRow>('messages', { conversation, limit: SNAPSHOT }, (now) => {
    if (now.problem && !now.problem.passing) problem.value = now.problem
    if (!now.ready) return
    const rows = [...now.rows.values()]
    if (ready.value || from !== null) take(rows)
    else begin(rows)
  })
  onScopeDispose(() => watch.stop())

  const go = async (number: number): Promise<void> => {
    if (ready.value && holds(thread.value, number)) return
    const rows = await page({ around: number })
    if (!rows) return
    thread.value = opened(rows, thread.value.last)
    whole.value = false
    ready.value = true
    following = atEnd(thread.value)
  }
  if (from !== null) void go(from)

  const more = {
    above: (): Promise<void> =>
      alone('above', async () => {
        const rows = await page({ before: oldest(thread.value) })
        if (!rows) return
        whole.value = rows.length < PAGE
        thread.value = trimmed(above(thread.value, rows), 'above')
        following &&= atEnd(thread.value)
      }),
    below: (): Promise<void> =>
      alone('below', async () => {
        const rows = await page({ after: newest(thread.value) })
        if (!rows) return
        thread.value = trimmed(below(thread.value, rows), 'below')
        whole.value = false
        following = atEnd(thread.value)
      }),
  }
  return {
    thread,
    ready,
    /** Nothing older is left. */
    whole,
    problem,
    loading,
    end: computed(() => atEnd(thread.value)),
    above: async () => {
      if (ready.value && !whole.value) await more.above()
    },
    below: async () => {
      if (ready.value && !atEnd(thread.value)) await more.below()
    },
    /** Makes sure that this message is on the page. */
    go,
    /** Back to the newest. */
    toEnd: async () => {
      if (atEnd(thread.value)) return
      const rows = await page({}, SNAPSHOT)
      if (!rows) return
      thread.value = opened(rows, 0)
      whole.value = rows.length < SNAPSHOT
      following = true
    },
  }
}

export type History = ReturnType<typeof useHistory>
