// Parameters of the views of dispatch.
import type { Audience } from './commands'
import type { Channel, Priority, Outcome, RecipientKind, Uuid } from './words'

export interface BroadcastsParams {
  open_only?: boolean
  drill?: boolean | null
  text?: string
  limit?: number
  offset?: number
}

export interface RecipientsParams {
  broadcast: Uuid
  outcome?: Outcome[]
  kind?: RecipientKind[]
  road?: Channel[]
  district?: string
  station?: string
  reply?: string
  text?: string
  limit?: number
  offset?: number
}

export interface AudienceParams {
  audience: Audience
  priority?: Priority
  ladder?: string | null
  text?: string
}
