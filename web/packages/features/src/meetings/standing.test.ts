import type { PeerRow } from '@hub/client'
import type { MeetingMemberRow } from '@hub/contract'
import { expect, it } from 'vitest'
import { byHand, byPresence, lineOf } from './standing'

const member = (more: Partial<MeetingMemberRow> = {}): MeetingMemberRow => ({
  id: 'station:1',
  name: '一站',
  kind: 'station',
  unit: '',
  runs: false,
  state: 'in',
  muted: false,
  dark: false,
  sharing: false,
  word: false,
  hand: null,
  aside: false,
  place: 0,
  entered_at: null,
  left_at: null,
  ...more,
})
const peer = (...parts: ('mic' | 'camera')[]): PeerRow =>
  ({
    up: true,
    show: true,
    sources: parts.map((part) => ({ source: part, part, codec: '' })),
  }) as unknown as PeerRow

it('says how well somebody is connected', () => {
  expect(lineOf(member({ state: 'invited' }), [], 0)).toBe('away')
  expect(lineOf(member(), [], 2000)).toBe('connecting')
  expect(lineOf(member(), [], 9000)).toBe('lost')
  expect(lineOf(member(), [peer('mic')], 0)).toBe('voice')
  expect(lineOf(member(), [peer('mic', 'camera')], 0)).toBe('video')
  expect(lineOf(member({ dark: true }), [peer('mic', 'camera')], 0)).toBe('voice')
})

it('puts who is there first, and hands in their order', () => {
  const rows = [
    member({ id: 'station:10', state: 'invited' }),
    member({ id: 'station:11', hand: '2026-03-02T01:00:09Z' }),
    member({ id: 'station:2', hand: '2026-03-02T01:00:10Z' }),
    member({ id: 'account:1', runs: true }),
  ]
  expect([...rows].sort(byPresence).map(({ id }) => id)).toEqual([
    'account:1',
    'station:2',
    'station:11',
    'station:10',
  ])
  expect(rows.filter(({ hand }) => hand).sort(byHand)[0]?.id).toBe('station:11')
})
