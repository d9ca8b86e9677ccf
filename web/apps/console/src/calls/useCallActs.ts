import type { CallMemberRow, CallRow, FileRow } from '@hub/contract'
import { ownSeat, usePhone, type CallAct, type MemberAct, type Standing } from '@hub/features/calls'
import { useHub, useSession } from '@hub/features'
import { shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useWish } from '../kit/wish'

/** What is asked of the operator before an act goes out. */
export type Asking =
  | { what: 'add'; call: CallRow }
  | { what: 'transfer'; call: CallRow; member: CallMemberRow }
  | { what: 'play'; call: CallRow }

/** A recording, or words that the hub says. */
export type Playable = File | string

type Fields = Record<string, unknown>
type Saying = (call: CallRow, member: CallMemberRow) => [type: string, fields: Fields]

const ON: Partial<Record<MemberAct, Saying>> = {
  mute: (_call, { id }) => ['MuteInCall', { ref: id, on: true }],
  unmute: (_call, { id }) => ['MuteInCall', { ref: id, on: false }],
  listenOnly: (_call, { id }) => ['ListenOnly', { ref: id, on: true }],
  letSpeak: (_call, { id }) => ['ListenOnly', { ref: id, on: false }],
  consult: (_call, { id }) => ['ConsultInCall', { ref: id }],
  consultEnd: () => ['ConsultInCall', { ref: '' }],
  next: (_call, { id }) => ['MarkPresent', { ref: id, present: true }],
  present: (_call, { id }) => ['MarkPresent', { ref: id, present: true }],
  absent: (_call, { id }) => ['MarkPresent', { ref: id, present: false }],
  ringAgain: (_call, { id }) => ['AddToCall', { targets: [id] }],
}

/** A call as people speak of it. */
export const useCallTitle = () => {
  const { t } = useI18n()
  return (call: Pick<CallRow, 'title' | 'kind' | 'owner_name'>): string =>
    call.title || `${t(`calls.kind.${call.kind}`)} · ${call.owner_name}`
}

export const useCallActs = () => {
  const { t } = useI18n()
  const hub = useHub()
  const phone = usePhone()
  const session = useSession()
  const { attempt, sure, reason } = useWish()
  const titleOf = useCallTitle()
  const asking = shallowRef<Asking | null>(null)

  const say = (type: string, call: CallRow, fields: Fields = {}): Promise<unknown> =>
    attempt(() => hub.ask(type, { call: call.id, ...fields }))
  const asked = async (
    act: 'barge' | 'monitor' | 'takeOver' | 'end',
    call: CallRow,
    run: () => Promise<unknown>,
  ): Promise<void> => {
    const text = t(`calls.ask.${act}`, { title: titleOf(call), n: call.joined })
    if (await sure(text, t(`calls.act.${act}`))) await attempt(run)
  }
  const takeDown = async (call: CallRow): Promise<void> => {
    const text = t('calls.ask.takeDown', { title: titleOf(call), n: call.joined })
    const why = await reason(text, t('calls.act.takeDown'), t('calls.ask.reason'))
    if (why !== null) await say('TakeDown', call, { ref: '', reason: why })
  }
  const runs: Record<CallAct, (call: CallRow) => unknown> = {
    enter: ({ id }) => attempt(() => phone.enter(id)),
    barge: (call) => asked('barge', call, () => phone.barge(call.id)),
    monitor: (call) => asked('monitor', call, () => phone.monitor(call.id)),
    takeOver: (call) => asked('takeOver', call, () => hub.ask('TakeOverCall', { call: call.id })),
    takeDown,
    lock: (call) => say('LockCall', call, { on: true }),
    unlock: (call) => say('LockCall', call, { on: false }),
    conference: (call) => say('MakeConference', call),
    add: (call) => (asking.value = { what: 'add', call }),
    play: (call) => (asking.value = { what: 'play', call }),
    stopPlay: (call) => say('StopPlayInCall', call),
    end: (call) => asked('end', call, () => hub.ask('EndCall', { call: call.id })),
  }
  const onMember = async (act: MemberAct, call: CallRow, member: CallMemberRow): Promise<void> => {
    const ordinary = ON[act]?.(call, member)
    if (ordinary) await say(ordinary[0], call, ordinary[1])
    else if (act === 'transfer') asking.value = { what: 'transfer', call, member }
    else if (await sure(t('calls.ask.remove', { name: member.name }), t('calls.member_act.remove')))
      await say('RemoveFromCall', call, { ref: member.id })
  }
  /** A call of two becomes a conference before others can come in. */
  const add = async (call: CallRow, targets: string[]): Promise<unknown> =>
    attempt(async () => {
      if (call.kind === 'single') await hub.ask('MakeConference', { call: call.id })
      await hub.ask('AddToCall', { call: call.id, targets })
    })
  return {
    asking,
    run: (act: CallAct, call: CallRow) => runs[act](call),
    onMember,
    add,
    takeOut: async (call: CallRow, member: CallMemberRow): Promise<void> => {
      const text = t('calls.ask.takeDownOne', { name: member.name })
      if (await sure(text, t('calls.act.takeDown')))
        await say('TakeDown', call, { ref: member.id, reason: '' })
    },
    pickUp: (call: CallRow, ref: string) => attempt(() => phone.pickUp(call.id, ref)),
    transfer: (call: CallRow, ref: string, to: string) => say('TransferCall', call, { ref, to }),
    play: (call: CallRow, what: Playable, loop: boolean) =>
      attempt(async () => {
        const kept: FileRow =
          typeof what === 'string' ? await hub.speech(what) : await hub.upload(what, 'audio')
        await hub.ask('PlayInCall', { call: call.id, file: kept.id, loop })
      }),
    standingOf: (call: CallRow): Standing => ({
      owner: call.owner === ownSeat(session.me),
      inside: phone.talking.value.some(({ id }) => id === call.id),
      listens: phone.talking.value.some(({ id, role }) => id === call.id && role === 'listener'),
      late: phone.late.value.some(({ id }) => id === call.id),
    }),
  }
}

export type CallActs = ReturnType<typeof useCallActs>
