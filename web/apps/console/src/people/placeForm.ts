import type { OrganisationRow, OrgKind } from '@hub/contract'

/** What is written of a place, be it a new one or one that stands. */
export type PlaceForm = Pick<
  OrganisationRow,
  | 'name'
  | 'short_name'
  | 'lon'
  | 'lat'
  | 'address'
  | 'hours'
  | 'contact'
  | 'phone'
  | 'photo'
  | 'auto_answer'
>

export type NewKind = Exclude<OrgKind, 'city'>

export interface NewPlace extends PlaceForm {
  kind: NewKind
  parent: string
  /** Null: the hub takes the next free one. */
  number: number | null
}

/** Under which kinds each may stand, the usual one first. */
const PARENTS: Record<NewKind, readonly OrgKind[]> = {
  district: ['city'],
  station: ['district'],
  department: ['city', 'district'],
}

export const parentsOf = (kind: NewKind, all: readonly OrganisationRow[]): OrganisationRow[] =>
  PARENTS[kind].flatMap((above) => all.filter((row) => row.kind === above && row.active))

/** With its parent where there is no choice, or a usual one. */
export const newPlace = (kind: NewKind, parents: readonly OrganisationRow[]): NewPlace => {
  const [first] = parents
  const clear = first && (parents.length === 1 || first.kind === 'city')
  return {
    kind,
    parent: clear ? first.id : '',
    number: null,
    name: '',
    short_name: '',
    lon: null,
    lat: null,
    address: '',
    hours: '',
    contact: '',
    phone: '',
    photo: null,
    auto_answer: false,
  }
}

/** A station without a place stands on no map. */
export const lacks = (place: NewPlace): boolean =>
  !place.name.trim() ||
  !place.parent ||
  (place.kind === 'station' && (place.lon === null || place.lat === null))
