import type { OrganisationRow, OrgKind } from '@hub/contract'
import { describe, expect, it } from 'vitest'
import { matching, stationsBelow, topmost, treeOf } from './tree'

const org = (id: string, parent: string | null, sort = 0): OrganisationRow => ({
  id,
  kind: id.split(':')[0] as OrgKind,
  parent,
  path: [],
  name: id,
  short_name: '',
  lon: null,
  lat: null,
  address: '',
  hours: '',
  contact: '',
  phone: '',
  photo: null,
  sort,
  auto_answer: false,
  active: true,
  people: { deputy: 2, staff: 1 },
  version: 1,
})
const tree = treeOf([
  org('station:2', 'district:1', 2),
  org('station:1', 'district:1', 1),
  org('district:1', 'city'),
  org('department:1', 'city'),
  org('station:3', 'district:2'),
  org('city', null),
])

describe('the organisation tree', () => {
  it('puts children under their parent in their order, districts before departments', () => {
    const city = tree.find((node) => node.id === 'city')
    expect(city?.children.map((node) => node.id)).toEqual(['district:1', 'department:1'])
    expect(city?.children[0]?.children.map((node) => node.id)).toEqual(['station:1', 'station:2'])
  })

  it('shows at the top whose parent the operator may not see', () => {
    expect(tree.map((node) => node.id)).toEqual(['city', 'station:3'])
  })

  it('names a whole branch by its root', () => {
    const ticked = new Set(['district:1', 'station:1', 'station:2', 'station:3'])
    expect(topmost(tree, ticked)).toEqual(['district:1', 'station:3'])
  })

  it('finds the stations below', () => {
    expect(stationsBelow(tree, new Set(['city']))).toEqual(['station:1', 'station:2'])
  })

  it('keeps the way to what was looked for', () => {
    const found = matching(tree, 'station:2')
    expect(found.map((node) => node.children[0]?.children.map((child) => child.id))).toEqual([
      ['station:2'],
    ])
  })
})
