import type { ContactRow, ConversationRow, ParticipantRow } from '@hub/contract'
import { useI18n } from 'vue-i18n'
import { useAction } from '../page/action'
import { useHub } from '../page/hub'
import type { Pane } from './pane'

/** What owners and members do with a group; destructive things ask once. */
export const useSettings = (pane: Pane, conversation: () => ConversationRow, left: () => void) => {
  const { t } = useI18n()
  const hub = useHub()
  const act = useAction((type: string, fields: object = {}) =>
    hub.ask(type, { conversation: pane.id, ...fields }).then(() => true),
  )
  const say = (name: string, values: Record<string, unknown> = {}): string =>
    t(`conversations.members.${name}`, values)
  const ask = (what: string, yes: string, values: Record<string, unknown> = {}): Promise<boolean> =>
    pane.sure(say(`${what}Sure`, values), say(yes)).then((words) => words !== null)
  const facts = (): Record<string, unknown> => ({
    name: conversation().name,
    n: conversation().size,
  })

  return {
    act,
    rename: (name: string) => act.go('RenameGroup', { name }),
    add: (people: ContactRow[]) => act.go('AddMembers', { members: people.map((one) => one.id) }),
    async remove(member: ParticipantRow): Promise<void> {
      if (await ask('remove', 'remove', { name: member.name }))
        await act.go('RemoveMembers', { members: [member.id] })
    },
    standing: (member: ParticipantRow) =>
      act.go('GiveStanding', {
        member: member.id,
        standing: member.standing === 'owner' ? 'member' : 'owner',
      }),
    muteForMe: (on: boolean) => act.go('MuteForMe', { on, seat: conversation().seat }),
    muteGroup: (on: boolean) => act.go('MuteGroup', { on }),
    async follow(): Promise<void> {
      if (await ask('follow', 'follow')) await act.go('FollowDirectory')
    },
    async close(): Promise<void> {
      if (await ask('close', 'close', facts())) await act.go('CloseGroup')
    },
    reopen: () => act.go('ReopenGroup'),
    async leave(): Promise<void> {
      if (!(await ask('leave', 'leave', facts()))) return
      if (await act.go('LeaveGroup', { seat: conversation().seat })) left()
    },
  }
}
