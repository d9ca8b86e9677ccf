// What may be asked of dispatch, and its answers, named as in Python.
import type {
  Channel,
  Priority,
  BroadcastState,
  RecipientKind,
  Until,
  ReceiptState,
  Instant,
  Uuid,
} from './words'

export interface ReplyOption {
  code: string
  label: string
  key?: string
  needs_reason?: boolean
}

export interface Audience {
  orgs?: string[]
  kinds?: RecipientKind[]
  groups?: Uuid[]
  tags?: string[]
  recipients?: string[]
  except_orgs?: string[]
  except_groups?: Uuid[]
  except_recipients?: string[]
}

export interface Rung {
  channels: Channel[]
  wait: number
  until?: Until
  tries?: number
  skip_offline?: boolean
}

export interface Ladder {
  code: string
  name: string
  rungs: Rung[]
  bypass_quiet?: boolean
}

export interface SendBroadcast {
  title: string
  text: string
  audience: Audience
  priority?: Priority
  variables?: Record<string, string>
  attachments?: Uuid[]
  audio?: Uuid | null
  options?: ReplyOption[]
  ladder?: string | null
  send_at?: Instant | null
  expires_at?: Instant | null
  approval?: boolean
  drill?: boolean
}

export interface OneBroadcast {
  broadcast: Uuid
}

export interface Receipt {
  delivery: Uuid
  state: ReceiptState
  at: Instant
  reply?: string
  reason?: string
  played_ms?: number | null
  gap_ms?: number | null
  gaps?: number | null
}

export interface SaveTemplate {
  code: string
  name: string
  title: string
  text: string
  priority?: Priority
  options?: ReplyOption[]
}

export interface SaveQuietHours {
  start: string
  end: string
  channels?: Channel[]
}

export interface BroadcastSent {
  broadcast: Uuid
  recipients: number
  state: BroadcastState
}

export interface ReceiptsTaken {
  taken: number
  unknown: Uuid[]
}
