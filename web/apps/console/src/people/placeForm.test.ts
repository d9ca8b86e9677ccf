import type { OrganisationRow, OrgKind } from '@hub/contract'
import { expect, it } from 'vitest'
import { lacks, newPlace, parentsOf, type NewPlace } from './placeForm'

const org = (id: string, active = true): OrganisationRow =>
  ({ id, kind: id.split(':')[0] as OrgKind, active }) as OrganisationRow
const ALL = [
  org('city'),
  org('district:1'),
  org('district:2'),
  org('district:3', false),
  org('station:1'),
]
const ids = (rows: OrganisationRow[]): string[] => rows.map((row) => row.id)
const filled = (fields: Partial<NewPlace>): NewPlace => ({
  ...newPlace('station', parentsOf('station', ALL)),
  name: '西溪站',
  parent: 'district:1',
  lon: 120.06,
  lat: 30.27,
  ...fields,
})

it('offers a station the districts in use, a department the city as well', () => {
  expect(ids(parentsOf('station', ALL))).toEqual(['district:1', 'district:2'])
  expect(ids(parentsOf('department', ALL))).toEqual(['city', 'district:1', 'district:2'])
})

it('does not guess the district of a station, and asks nobody for the city', () => {
  expect(newPlace('station', parentsOf('station', ALL)).parent).toBe('')
  expect(newPlace('district', parentsOf('district', ALL)).parent).toBe('city')
  expect(newPlace('department', parentsOf('department', ALL)).parent).toBe('city')
})

it('knows the one district of who looks after no other', () => {
  expect(newPlace('station', [org('district:2')]).parent).toBe('district:2')
})

it('lacks a name, a district or a place until they are given', () => {
  expect(lacks(filled({}))).toBe(false)
  expect(lacks(filled({ name: ' ' }))).toBe(true)
  expect(lacks(filled({ parent: '' }))).toBe(true)
  expect(lacks(filled({ lat: null }))).toBe(true)
  expect(lacks(filled({ kind: 'department', lon: null, lat: null }))).toBe(false)
})
