import type { StandingRow } from '@hub/contract'
import { expect, it } from 'vitest'
import { lineOf, secondsOf } from './standing'

const line = (more: Partial<StandingRow>) =>
  lineOf({ on: true, up: true, last_contact: '2026-05-11T01:00:00Z', ...more } as StandingRow)

it('says in one word how the line to the province stands', () => {
  expect(line({ on: false }).says).toBe('off')
  expect(line({ up: null, last_contact: null }).says).toBe('never')
  expect(line({})).toEqual({ tone: 'good', says: 'up' })
  expect(line({ up: false })).toEqual({ tone: 'bad', says: 'cut' })
  expect(line({ up: false, last_contact: null }).says).toBe('unreached')
})

it('rounds seconds as a person reads them', () => {
  expect([null, 0.42, 9.96, 12.4, 340].map(secondsOf)).toEqual(['—', '0.4', '10.0', '12', '340'])
})
