import { describe, expect, it } from 'vitest'
import { holdsMain, recallOf, rightsIn } from './rights'
import { conversationOf, meOf, messageOf } from './samples'

const AT = Date.parse('2026-11-21T02:00:00Z')
const admin = meOf({ id: 'account:9', permissions: ['accounts', 'broadcast'], scopes: ['city'] })

describe('recalling', () => {
  it('is for the author, for two minutes', () => {
    const own = messageOf({ author: 'account:1' })
    expect(recallOf(own, meOf(), AT + 120_000)).toBe('own')
    expect(recallOf(own, meOf(), AT + 120_001)).toBeNull()
    expect(recallOf(messageOf(), meOf(), AT)).toBeNull()
  })

  it('is later for an administrator, with a reason, and once', () => {
    expect(recallOf(messageOf(), admin, AT + 9_000_000)).toBe('administrator')
    expect(recallOf(messageOf({ shape: 'recalled' }), admin, AT)).toBeNull()
  })
})

describe('groups', () => {
  it('are managed by owners and administrators', () => {
    const may = (standing: 'owner' | 'member', me = meOf()): boolean[] => {
      const rights = rightsIn(conversationOf({ standing }), me)
      return [rights.lead, rights.manage]
    }
    expect([may('owner'), may('member'), may('member', admin)]).toEqual([
      [true, true],
      [false, false],
      [true, true],
    ])
  })

  it('between two have no settings, and either pins', () => {
    expect(rightsIn(conversationOf({ kind: 'person' }), meOf())).toMatchObject({
      group: false,
      lead: true,
      manage: false,
    })
  })
})

it('lets operators of the city alone speak for the main station', () => {
  expect(holdsMain(admin)).toBe(true)
  expect(holdsMain(meOf({ permissions: ['broadcast'], scopes: ['district:3'] }))).toBe(false)
})
