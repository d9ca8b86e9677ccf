import type { ImportReport as Report } from './schema'

export type * from './schema'

/** ISO 8601 with a zone. */
export type Instant = string
export type Uuid = string

/** What a command says; the client gives the id. */
export type Wish<C> = Omit<C, 'id'>

/** The hub leaves nothing out of its answers. */
export type ImportReport = Required<Report>

export interface OutlineFeature {
  type: 'Feature'
  properties: Record<string, unknown> | null
  geometry: { type: 'Polygon' | 'MultiPolygon'; coordinates: unknown }
}

export interface OutlineRow {
  id: string
  geojson: OutlineFeature
}

/** Names that several rooms use: the screens mean these. */
export type {
  DispatchConversationsMessagesCommandsMark as Mark,
  DispatchConversationsMessagesRowsContactRow as ContactRow,
  DispatchMessagesRowsNoticeRow as NoticeRow,
  HubAccessMessagesSessionRow as SessionRow,
} from './schema'
