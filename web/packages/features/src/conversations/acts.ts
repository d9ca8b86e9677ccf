import type { MessageRow } from '@hub/contract'
import { useI18n } from 'vue-i18n'
import { useHub } from '../page/hub'
import type { Pane } from './pane'
import { recallOf } from './rights'
import { copyText } from './words'

export interface Act {
  name: 'reply' | 'copy' | 'pin' | 'unpin' | 'recall' | 'readers'
  run: () => unknown
}

/** What may be done with a message, by this person, now. */
export const useMessageActs = (pane: Pane) => {
  const { t } = useI18n()
  const hub = useHub()
  const { rights, row, talk, act, sure } = pane

  const recall = async (message: MessageRow, reason: boolean): Promise<void> => {
    const yes = t('conversations.menu.recall')
    const label = reason ? t('conversations.menu.recallReason') : undefined
    const words = await sure(t('conversations.menu.recallSure'), yes, label)
    if (words !== null) await act.go('RecallMessage', { message: message.id, reason: words })
  }
  const reply = (message: MessageRow): void => {
    pane.reply.value = message
  }
  const readers = (message: MessageRow): void => {
    pane.looked.value = message
    pane.sheet.value = 'readers'
  }
  const pinning = (message: MessageRow): Act =>
    message.pinned_at
      ? { name: 'unpin', run: () => act.go('UnpinMessage', { message: message.id }) }
      : { name: 'pin', run: () => act.go('PinMessage', { message: message.id }) }

  return (message: MessageRow): Act[] => {
    const may = recallOf(message, talk.me.value, hub.clock.now())
    const offers: [boolean, Act][] = [
      [row.value?.may_send ?? false, { name: 'reply', run: () => reply(message) }],
      [message.text !== '', { name: 'copy', run: () => copyText(message.text) }],
      [rights.value.lead && !row.value?.closed && !pane.reading, pinning(message)],
      [rights.value.group, { name: 'readers', run: () => readers(message) }],
      [may !== null, { name: 'recall', run: () => recall(message, may === 'administrator') }],
    ]
    return offers.filter(([offered]) => offered).map(([, one]) => one)
  }
}
