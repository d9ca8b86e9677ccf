// Rows that the views of dispatch show, named as in Python.
import type { ReplyOption, Rung, Ladder } from './commands'
import type {
  Channel,
  Priority,
  Outcome,
  BroadcastState,
  State,
  Why,
  RecipientKind,
  Instant,
  Uuid,
} from './words'

export interface FileRow {
  id: Uuid
  name: string
  mime: string
  size: number
  seconds: number | null
  url: string
}

export interface BroadcastRow {
  id: Uuid
  title: string
  text: string
  priority: Priority
  state: BroadcastState
  drill: boolean
  by_name: string
  created_at: Instant
  send_at: Instant
  expires_at: Instant
  closed_at: Instant | null
  total: number
  outcomes: Partial<Record<Outcome, number>>
  stations: [number, number]
  people: [number, number]
  audio: FileRow | null
  attachments: FileRow[]
  options: ReplyOption[]
  ladder: Ladder
  reason: string
  version: number
}

export interface CountRow {
  id: string
  kind: string
  key: string
  label: string
  parent: string
  total: number
  states: Record<string, number>
}

export interface CurvePoint {
  second: number
  delivered: number
  read: number
  confirmed: number
}

export interface RecipientRow {
  id: Uuid
  broadcast: Uuid
  ref: string
  kind: RecipientKind
  name: string
  district: string
  station: string
  outcome: Outcome
  road: Channel | null
  reply: string
  reply_label: string
  reason: string
  delivered_at: Instant | null
  read_at: Instant | null
  confirmed_at: Instant | null
  phone: string
  rung: number
  next_at: Instant | null
}

export interface EvidenceRow {
  id: string
  at: Instant
  channel: Channel | null
  attempt: Uuid | null
  try_number: number
  state: State
  why: Why
  address: string
  provider_id: string
  detail: string
  source: string
  late: boolean
}

export interface DeadRow {
  id: Uuid
  broadcast: Uuid
  title: string
  name: string
  channel: Channel
  why: Why
  detail: string
  tries: number
  at: Instant
}

export interface AudienceCount {
  total: number
  kinds: Record<string, number>
  roads: Partial<Record<Channel, number>>
  first: Record<string, number>
  without: [string, string][]
  without_total: number
  sms_segments: number
}

export interface StationRow {
  id: string
  name: string
  district: string
  district_name: string
  lon: number
  lat: number
  online: boolean
  since: Instant | null
  seen_at: Instant | null
  broadcast: Uuid | null
  heard: [number, number, number, number]
  terminal: Outcome | null
}

export interface NoticeRow {
  id: Uuid
  broadcast: Uuid
  title: string
  text: string
  priority: Priority
  drill: boolean
  audio: FileRow | null
  attachments: FileRow[]
  options: ReplyOption[]
  sent_at: Instant
  expires_at: Instant
  cancelled: boolean
  outcome: Outcome
  reply: string
  reason: string
  by_name: string
}

export interface TemplateRow {
  id: string
  name: string
  title: string
  text: string
  priority: Priority
  options: ReplyOption[]
}

export interface LadderRow {
  id: string
  name: string
  rungs: Rung[]
  bypass_quiet: boolean
}

export interface QuietRow {
  id: string
  start: string
  end: string
  channels: Channel[]
}

export interface RoadRow {
  id: Channel
  state: string
  detail: string
  waiting: number
  per_second: number
  dead: number
}
