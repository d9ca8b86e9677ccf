import type { Channel, Receipt } from '@hub/contract'

/** `via`: the road whose link was opened. */
export type NoticeReceipt = Receipt & { via?: Channel }

export const ROADS: readonly Channel[] = ['screen', 'page', 'wechat', 'sms', 'voice']

/** What the ear got: the receipt of a loudspeaker. */
export interface Heard {
  played_ms: number
  gap_ms: number
  gaps: number
}
