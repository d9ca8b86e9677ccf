// Rows and a hub of memory alone, for tests.
import { HubProblem, observable, type LinkState } from '@hub/client'
import type { NoticeRow } from '@hub/contract'
import type { Post } from './inbox'
import type { Parcel } from './outbox'

/** 2026-11-21 12:00 in Shanghai. */
export const NOON = Date.parse('2026-11-21T04:00:00Z')

export const noticeOf = (fields: Partial<NoticeRow> = {}): NoticeRow => ({
  id: 'd1',
  broadcast: 'b1',
  title: '会议通知',
  text: '请按时参加。',
  priority: 'ordinary',
  drill: false,
  audio: null,
  attachments: [],
  options: [{ code: 'received', label: '收到' }],
  sent_at: '2026-11-21T01:00:00Z',
  expires_at: '2026-11-22T01:00:00Z',
  cancelled: false,
  outcome: 'sending',
  reply: '',
  reason: '',
  by_name: '市人大办公室',
  ...fields,
})

/** Takes a parcel's id once, as the hub does. */
export const createMemoryHub = () => {
  const link = observable<LinkState>('online')
  const taken = new Map<string, Parcel>()
  let refusal: HubProblem | null = null
  let show: (rows: NoticeRow[]) => void = () => undefined

  const hub = {
    link,
    clock: { now: () => NOON, offset: 0, hear: () => undefined },
    ask: async (_type: string, fields: object) => {
      if (link.value !== 'online') throw new HubProblem({ status: 0, code: 'offline' })
      if (refusal) throw refusal
      const parcel = fields as Parcel
      taken.set(parcel.id, parcel)
      return { taken: parcel.items.length, unknown: [] }
    },
    watch: (_view: string, _params: object, onChange: (watch: unknown) => void) => {
      show = (rows) => onChange({ problem: null, rows: new Map(rows.map((row) => [row.id, row])) })
      return {}
    },
  } as unknown as Post

  return {
    hub,
    link,
    show: (...rows: NoticeRow[]) => show(rows),
    refuse: (problem: Partial<HubProblem> | null) =>
      (refusal = problem && new HubProblem({ ...problem, detail: problem.message })),
    told: () =>
      [...taken.values()].flatMap((parcel) =>
        parcel.items.map((item) => `${item.delivery} ${item.state}`),
      ),
    items: () => [...taken.values()].flatMap((parcel) => parcel.items),
  }
}

export const settled = (): Promise<void> => new Promise((done) => setTimeout(done))
