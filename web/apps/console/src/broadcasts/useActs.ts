import type { BroadcastRow, Channel } from '@hub/contract'
import { instantOf, unanswered } from '@hub/features'
import { useI18n } from 'vue-i18n'
import { useWish } from '../kit/wish'

/** What can be done to a broadcast. Each asks once, with the count of people it concerns. */
export const useActs = () => {
  const { t } = useI18n()
  const { wish, sure, reason } = useWish()
  const say = (key: string, values: Record<string, unknown> = {}): string =>
    t(`broadcasts.act.${key}`, values)

  return {
    async remind(row: BroadcastRow) {
      const n = unanswered(row)
      if (!(await sure(say('remind_ask', { n }), say('remind')))) return
      await wish('RemindUnanswered', { broadcast: row.id }, say('reminded', { n }))
    },
    async resend(row: BroadcastRow, channel: Channel, deliveries: string[] = []) {
      const road = t(`broadcasts.channel.${channel}`)
      const n = deliveries.length || unanswered(row)
      if (!(await sure(say('resend_ask', { n, road }), say('resend')))) return
      await wish(
        'ResendByRoad',
        { broadcast: row.id, channel, deliveries },
        say('resent', { road }),
      )
    },
    extend: (row: BroadcastRow, until: string) =>
      wish('ExtendBroadcast', { broadcast: row.id, expires_at: instantOf(until) }, say('extended')),
    async cancel(row: BroadcastRow) {
      const why = await reason(say('cancel_ask', { n: row.expected }), say('cancel'), say('reason'))
      if (why !== null)
        await wish('CancelBroadcast', { broadcast: row.id, reason: why }, say('cancelled'))
    },
    async approve(row: BroadcastRow) {
      if (!(await sure(say('approve_ask', { n: row.expected, title: row.title }), say('approve'))))
        return
      await wish('ApproveBroadcast', { broadcast: row.id }, say('approved'))
    },
    async reject(row: BroadcastRow) {
      const asked = say('reject_ask', { n: row.expected, title: row.title })
      const why = await reason(asked, say('reject'), say('reason_needed'), true)
      if (why !== null)
        await wish('RejectBroadcast', { broadcast: row.id, reason: why }, say('rejected'))
    },
    async close(row: BroadcastRow) {
      if (!(await sure(say('close_ask', { n: unanswered(row) }), say('close')))) return
      await wish('CloseBroadcast', { broadcast: row.id }, say('closed'))
    },
  }
}
