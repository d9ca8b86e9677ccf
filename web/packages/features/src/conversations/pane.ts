import type { HubProblem } from '@hub/client'
import type { ConversationRow, FileRow, MessageRow, ParticipantRow } from '@hub/contract'
import { computed, inject, provide, ref, shallowRef, watch, type InjectionKey } from 'vue'
import { useAction } from '../page/action'
import { useHub } from '../page/hub'
import { useRows } from '../page/rows'
import { createConfirm } from './confirm'
import { useHistory } from './history'
import { rightsIn } from './rights'
import { useTalk, type Talk } from './talk'
import { useTyping } from './typing'

const MOST_MEMBERS = 2000
const NO_RIGHTS = { group: false, lead: false, manage: false, administrator: false }

export type Sheet = 'members' | 'find' | 'pinned' | 'readers' | null

export interface PaneOptions {
  id: string
  seat: string
  from: number | null
  openFile: (file: FileRow) => void
  /** An administrator looks into a conversation that is not his: no seat, no marks, no answer. */
  reading?: ConversationRow
}

/** Its row: from the list, or asked for where the list does not reach; null where one is no member. */
const useRow = (talk: Talk, { id, seat, reading }: PaneOptions) => {
  const hub = useHub()
  if (reading) return { row: computed(() => reading), problem: computed(() => null) }
  const fetched = shallowRef<ConversationRow | null>(null)
  const problem = shallowRef<HubProblem | null>(null)
  const listed = computed(() => talk.find(id, seat))
  const ready = computed(() => talk.listOf(seat).ready)
  const fetch = async (): Promise<void> => {
    if (listed.value || !ready.value) return
    try {
      const { rows } = await hub.view<ConversationRow>('conversation', { conversation: id })
      fetched.value = rows[0] ?? null
      problem.value = null
    } catch (why) {
      fetched.value = null
      problem.value = why as HubProblem
    }
  }
  watch([listed, ready], fetch, { immediate: true })
  const row = computed(() => listed.value ?? fetched.value)
  return { row, problem: computed(() => (row.value ? null : problem.value)) }
}

/** Everything that the parts of one open conversation share. */
export const createPane = (options: PaneOptions) => {
  const { id, from, openFile, reading } = options
  const hub = useHub()
  const talk = useTalk()
  const { row, problem } = useRow(talk, options)
  const history = useHistory(id, from)
  const members = useRows<ParticipantRow>('participants', { conversation: id, limit: MOST_MEMBERS })
  const reply = shallowRef<MessageRow | null>(null)
  const sheet = ref<Sheet>(null)
  /** Whose readers are looked at; which picture stands in full. */
  const looked = shallowRef<MessageRow | null>(null)
  const picture = shallowRef<FileRow | null>(null)
  /** A message that is to be shown, and that something was sent. */
  const wanted = shallowRef<{ number: number } | null>(from === null ? null : { number: from })
  const sends = ref(0)
  const act = useAction((type: string, fields: object) => hub.ask(type, fields))
  const { question, ask: sure } = createConfirm()

  const typing = useTyping(id, () => row.value?.seat ?? '')
  // What somebody was writing has come.
  watch(
    () => history.thread.value.rows.at(-1),
    (last) => last && typing.forget(last.seat),
  )

  const pane = {
    id,
    talk,
    row,
    problem,
    history,
    members,
    reply,
    sheet,
    looked,
    picture,
    wanted,
    sends,
    question,
    sure,
    act,
    openFile,
    reading: reading !== undefined,
    typing,
    rights: computed(() => (row.value ? rightsIn(row.value, talk.me.value) : NO_RIGHTS)),
    outgoing: computed(() => talk.post.all.value.filter((one) => one.conversation === id)),
    memberOf: (ref: string): ParticipantRow | undefined => members.byKey.value.get(ref),
    sent: (): void => void (sends.value += 1),
    show: (number: number): void => void (wanted.value = { number }),
  }
  provide(PANE, pane)
  return pane
}

export type Pane = ReturnType<typeof createPane>
const PANE: InjectionKey<Pane> = Symbol('pane')

export const usePane = (): Pane => {
  const pane = inject(PANE)
  if (!pane) throw new Error('This part stands in no conversation.')
  return pane
}
