import type { ConversationRow, Me, MessageRow } from '@hub/contract'

/** Rows for tests. */
export const messageOf = (fields: Partial<MessageRow> = {}): MessageRow => ({
  id: `m${fields.number ?? 1}`,
  conversation: 'c1',
  number: 1,
  at: '2026-11-21T02:00:00Z',
  author: 'person:1',
  author_name: '张三',
  seat: 'person:1',
  shape: 'text',
  text: '在',
  files: [],
  reply_to: null,
  mentions: [],
  everyone: false,
  notice: false,
  read_by: 0,
  pinned_at: null,
  pinned_by: '',
  recalled_at: null,
  recalled_by: '',
  recall_reason: '',
  ...fields,
})

export const messagesOf = (from: number, to: number): MessageRow[] =>
  Array.from({ length: to - from + 1 }, (_, i) => messageOf({ number: from + i }))

export const conversationOf = (fields: Partial<ConversationRow> = {}): ConversationRow => ({
  id: 'c1',
  seat: 'station:17',
  kind: 'group',
  name: '防汛群',
  org: '',
  other: '',
  size: 3,
  standing: 'member',
  owners_only: false,
  closed: false,
  muted: false,
  may_send: true,
  first_number: 1,
  last_number: 0,
  read: 0,
  unread: 0,
  mentions: 0,
  other_read: 0,
  other_delivered: 0,
  pinned: 0,
  last: null,
  changed_at: '2026-11-21T02:00:00Z',
  ...fields,
})

export const meOf = (fields: Partial<Me> = {}): Me => ({
  id: 'account:1',
  name: '值班员',
  roles: [],
  scopes: [],
  permissions: ['self'],
  org: null,
  banners: [],
  csrf: '',
  session: null,
  expires: null,
  owes: [],
  ...fields,
})
