import type { MeetingMemberRow } from '@hub/contract'
import type { Layout } from '@hub/features/meetings'
import { usePhone } from '@hub/features/calls'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { complain } from '../kit/wish'
import { useRunning } from './running'

export type MemberAct =
  | 'give_word'
  | 'take_word'
  | 'lower'
  | 'mute'
  | 'unmute'
  | 'stop_camera'
  | 'allow_camera'
  | 'talk_aside'
  | 'pin'
  | 'unpin'
  | 'stop_share'
  | 'call_again'
  | 'remove'

interface Seen {
  row: MeetingMemberRow
  layout: Layout
  own: boolean
  running: boolean
  /** One may call others from here. */
  telephone?: boolean
}

type Rule = (seen: Seen) => boolean
const MOST_PINNED = 16
const isIn: Rule = ({ row }) => row.state === 'in'
const other: Rule = ({ own }) => !own
const pinned: Rule = ({ row, layout }) => layout.pinned.includes(row.id)

const RULES: Record<MemberAct, Rule> = {
  give_word: (seen) => isIn(seen) && !seen.row.word,
  take_word: ({ row }) => row.word,
  lower: ({ row }) => Boolean(row.hand),
  mute: (seen) => isIn(seen) && other(seen) && !seen.row.muted,
  unmute: ({ row }) => row.muted,
  stop_camera: (seen) => isIn(seen) && other(seen) && !seen.row.dark,
  allow_camera: ({ row }) => row.dark,
  talk_aside: (seen) => isIn(seen) && other(seen) && seen.telephone === true,
  pin: (seen) => !pinned(seen) && seen.row.state !== 'removed',
  unpin: pinned,
  stop_share: (seen) => seen.row.sharing && other(seen),
  call_again: ({ row }) => !['in', 'invited'].includes(row.state),
  remove: (seen) => other(seen) && seen.row.state !== 'removed',
}

export const actsOn = (seen: Seen): MemberAct[] =>
  seen.running ? (Object.keys(RULES) as MemberAct[]).filter((act) => RULES[act](seen)) : []

export const useMemberActs = (seen: Readonly<Seen>) => {
  const { t } = useI18n()
  const { act, attempt, layOut, sure } = useRunning()
  const phone = usePhone()
  const ref = (): string => seen.row.id
  const pin = (refs: string[]): unknown => {
    if (refs.length > MOST_PINNED) return complain(t('meetings.layout.full'))
    const mode = refs.length ? 'pinned' : 'speaker'
    return layOut(seen.layout, { mode, pinned: refs })
  }
  const remove = async (): Promise<void> => {
    if (await sure(t('meetings.remove_ask', { name: seen.row.name }), t('meetings.remove')))
      await act('RemoveMember', { ref: ref() })
  }
  const does: Record<MemberAct, () => unknown> = {
    give_word: () => act('GiveWord', { ref: ref() }),
    take_word: () => act('TakeWord'),
    lower: () => act('LowerHand', { ref: ref() }),
    mute: () => act('MuteMember', { ref: ref(), on: true }),
    unmute: () => act('MuteMember', { ref: ref(), on: false }),
    stop_camera: () => act('StopCamera', { ref: ref(), on: true }),
    allow_camera: () => act('StopCamera', { ref: ref(), on: false }),
    talk_aside: () => attempt(() => phone.start({ kind: 'single', targets: [ref()] })),
    pin: () => pin([...seen.layout.pinned, ref()]),
    unpin: () => pin(seen.layout.pinned.filter((one) => one !== ref())),
    stop_share: () => act('ShareScreen', { on: false, ref: ref() }),
    call_again: () => act('InviteToMeeting', { targets: [ref()] }),
    remove,
  }
  return {
    acts: computed(() => actsOn(seen)),
    act: (name: MemberAct): unknown => does[name](),
  }
}
