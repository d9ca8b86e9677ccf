// What may be asked about accounts and the rows their views show, named as in Python.
import type { Instant, Uuid } from './words'

export type Role =
  'administrator' | 'operator' | 'approver' | 'viewer' | 'station' | 'deputy' | 'handler'

export type Permission =
  | 'broadcast'
  | 'broadcast.approve'
  | 'broadcast.view'
  | 'ladder.edit'
  | 'directory.view'
  | 'directory.edit'
  | 'accounts'
  | 'audit.view'
  | 'self'
  | 'files'

export interface SaveAccount {
  account: Uuid
  login: string
  name: string
  roles: Role[]
  scopes: string[]
  person?: Uuid | null
  totp_required?: boolean
  password?: string | null
}

export interface CreateApiKey {
  name: string
  roles: Role[]
  scopes: string[]
  expires?: Instant | null
}

export interface KeyMade {
  id: Uuid
  key: string
}

export interface TotpOffer {
  secret: string
  uri: string
  svg: string
}

export interface AccountRow {
  id: Uuid
  login: string
  name: string
  person: Uuid | null
  roles: Role[]
  scopes: string[]
  disabled: boolean
  totp: boolean
  totp_required: boolean
  locked_until: Instant | null
  created: Instant
  password_set_at: Instant | null
  last_seen: Instant | null
}

export interface SessionRow {
  id: Uuid
  who: string
  name: string
  created: Instant
  last_seen: Instant
  expires: Instant
  address: string
  agent: string
}

export interface DeviceRow {
  id: Uuid
  station: string
  name: string
  created: Instant
  last_seen: Instant | null
  revoked_at: Instant | null
}

export interface ApiKeyRow {
  id: Uuid
  name: string
  roles: Role[]
  scopes: string[]
  created: Instant
  created_by: string
  expires: Instant | null
  last_seen: Instant | null
  revoked_at: Instant | null
}

export interface AuditRow {
  id: number
  at: Instant
  actor: string
  actor_name: string
  act: string
  about: string
  outcome: string
  address: string
  detail: Record<string, unknown>
}

export interface AuditParams {
  actor?: string
  act?: string
  outcome?: string
  text?: string
  since?: Instant | null
  until?: Instant | null
  before?: number | null
  limit?: number
}
