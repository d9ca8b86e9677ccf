import type { Quote } from '@hub/contract'
import { computed, onScopeDispose, ref, watch } from 'vue'
import { useEnclosures } from './enclosures'
import { lettersLeft } from './limits'
import { namedIn, type Named } from './mention'
import type { Pane } from './pane'

const EVERYONE = '@all'

export const quoteOf = (row: {
  id: string
  number: number
  author_name: string
  shape: Quote['shape']
  text: string
}): Quote => ({
  id: row.id,
  number: row.number,
  author_name: row.author_name,
  shape: row.shape,
  text: row.text.slice(0, 120),
})

/** What is being written: kept as one types, sent as one message. */
export const useLetter = (pane: Pane) => {
  const { talk, id, row, rights, reply } = pane
  const text = ref(talk.drafts.of(id))
  const notice = ref(false)
  const picked = ref<Named[]>([])
  /** Send was pressed while files were still under way. */
  const wanted = ref(false)
  const enclosures = useEnclosures()
  const left = computed(() => lettersLeft(text.value))
  const empty = computed(() => !text.value.trim() && !enclosures.all.value.length)
  const broken = computed(() => enclosures.all.value.some((one) => one.state === 'failed'))
  const sendable = computed(() => !empty.value && !broken.value && (left.value ?? 0) >= 0)

  watch(text, (words) => talk.drafts.keep(id, words))
  const leave = (): void => {
    wanted.value = false
    const here = row.value
    if (!here) return
    const mentions = namedIn(text.value, picked.value)
    talk.post.send({
      conversation: id,
      seat: here.seat,
      text: text.value.trim(),
      files: enclosures.files.value,
      reply: reply.value ? quoteOf(reply.value) : null,
      mentions: mentions.filter((ref) => ref !== EVERYONE),
      everyone: rights.value.lead && mentions.includes(EVERYONE),
      notice: notice.value && rights.value.lead,
    })
    text.value = ''
    notice.value = false
    picked.value = []
    reply.value = null
    enclosures.clear()
    pane.sent()
  }
  const send = (): void => {
    if (!sendable.value) return
    if (enclosures.whole.value) leave()
    else wanted.value = true
  }
  watch([enclosures.whole, sendable], ([whole, able]) => {
    if (wanted.value && whole && able) leave()
    if (!able) wanted.value = false
  })
  onScopeDispose(() => talk.drafts.keep(id, text.value))

  return {
    text,
    notice,
    wanted,
    left,
    sendable,
    enclosures,
    send,
    pick: (one: Named): void => void (picked.value = [...picked.value, one]),
    /** One tap on a kiosk: 收到. What is being written stays. */
    say: (words: string): void => {
      const kept = text.value
      text.value = words
      leave()
      text.value = kept
    },
    everyone: (name: string): Named => ({ id: EVERYONE, name }),
  }
}

export type LetterBox = ReturnType<typeof useLetter>
