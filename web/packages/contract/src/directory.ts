// What may be asked of the directory and the rows its views show, named as in Python.
import type { Channel, Instant, Uuid } from './words'

export type OrgKind = 'city' | 'district' | 'station' | 'department'
export type PersonKind = 'deputy' | 'staff' | 'attendee' | 'handler'

export interface SaveOrganisation {
  organisation: string
  name: string
  parent?: string | null
  short_name?: string
  lon?: number | null
  lat?: number | null
  address?: string
  hours?: string
  contact?: string
  phone?: string
  photo?: Uuid | null
  sort?: number
  auto_answer?: boolean
  active?: boolean
  version?: number | null
}

export interface SavePerson {
  person: Uuid
  kind: PersonKind
  name: string
  org: string
  code?: string
  gender?: '' | '男' | '女'
  delegation?: string
  district?: string
  term?: string
  post?: string
  phone?: string
  openid?: string
  opt_out?: Channel[]
  tags?: string[]
  version?: number | null
}

export interface SaveGroup {
  group: Uuid
  name: string
  kind?: string
  scope?: string
  note?: string
  members?: string[]
  version?: number | null
}

export interface SaveRoster {
  roster: Uuid
  org: string
  day: string
  starts: Instant
  ends: Instant
  person: Uuid
  duty?: string
  backup?: Uuid | null
  version?: number | null
}

export interface Saved {
  id: string
  version: number
}

export interface BadCell {
  row: number
  column: string
  value: string
  zh: string
  en: string
}

export interface ImportReport {
  rows: number
  new: number
  changed: number
  same: number
  bad: BadCell[]
  bad_total: number
  bad_rows: number
  warnings: BadCell[]
  warnings_total: number
  new_groups: string[]
  ignored_columns: string[]
  applied: boolean
}

export interface OrganisationRow {
  id: string
  kind: OrgKind
  parent: string | null
  path: string[]
  name: string
  short_name: string
  lon: number | null
  lat: number | null
  address: string
  hours: string
  contact: string
  phone: string
  photo: Uuid | null
  sort: number
  auto_answer: boolean
  active: boolean
  people: Partial<Record<PersonKind, number>>
  version: number
}

export interface PersonRow {
  id: Uuid
  code: string
  kind: PersonKind
  name: string
  pinyin: string
  gender: string
  org: string
  org_name: string
  path: string[]
  delegation: string
  district: string
  term: string
  post: string
  phone: string
  openid: boolean
  phone_bad: string
  openid_bad: string
  opt_out: Channel[]
  tags: string[]
  active: boolean
  version: number
}

export interface PersonCard extends Omit<PersonRow, 'pinyin' | 'openid'> {
  openid: string
  has_openid: boolean
  groups: [string, string][]
}

export interface GroupRow {
  id: Uuid
  name: string
  kind: string
  scope: string
  scope_name: string
  note: string
  members: number
  version: number
}

export interface MemberRow {
  id: string
  kind: string
  name: string
  org: string
  org_name: string
}

export interface RosterRow {
  id: Uuid
  org: string
  org_name: string
  day: string
  starts: Instant
  ends: Instant
  person: Uuid
  person_name: string
  phone: string
  duty: string
  backup: Uuid | null
  backup_name: string
  backup_phone: string
  version: number
}

export interface TagRow {
  id: string
  people: number
}

export interface OutlineFeature {
  type: 'Feature'
  properties: Record<string, unknown> | null
  geometry: { type: 'Polygon' | 'MultiPolygon'; coordinates: unknown }
}

export interface OutlineRow {
  id: string
  geojson: OutlineFeature
}

export interface PeopleParams {
  text?: string
  org?: string[]
  kind?: PersonKind[]
  tag?: string[]
  group?: Uuid | null
  road?: '' | 'phone' | 'wechat' | 'none'
  active?: boolean
  limit?: number
  offset?: number
}

export interface RostersParams {
  first: string
  last: string
  org?: string
}
