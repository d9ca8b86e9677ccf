import { expect, it } from 'vitest'
import { callActs, memberActs } from './acts'
import { aCall, aMember } from './samples'

const OWNER = { owner: true, inside: true }
const OTHER_SEAT = { owner: false, inside: false }

it('lets the other seat break in, listen, take down and take over, and nothing else', () => {
  expect(callActs(aCall(), OTHER_SEAT)).toEqual(['barge', 'monitor', 'takeOver', 'takeDown'])
})

it('lets the owner add, lock, play and end', () => {
  expect(callActs(aCall({ kind: 'conference' }), OWNER)).toEqual(['add', 'lock', 'play', 'end'])
})

it('adds nobody to a locked call', () => {
  expect(callActs(aCall({ locked: true }), OWNER)).toEqual(['unlock', 'conference', 'play', 'end'])
})

it('lets who listens in break in', () => {
  const listening = { owner: false, inside: true, listens: true }

  expect(callActs(aCall(), listening)).toContain('barge')
  expect(callActs(aCall(), { ...listening, listens: false })).not.toContain('barge')
})

it('turns a roll-call into a conference', () => {
  expect(callActs(aCall({ kind: 'rollcall' }), OWNER)).toContain('conference')
})

it('does nothing with a call that is over', () => {
  expect(callActs(aCall({ state: 'ended' }), OWNER)).toEqual([])
  expect(memberActs(aMember(), aCall({ state: 'ended' }))).toEqual([])
})

it('gives back what it has taken: voice and right to speak', () => {
  const acts = memberActs(aMember({ muted: true, listen_only: true }), aCall({ kind: 'group' }))

  expect(acts).toEqual(['unmute', 'letSpeak', 'consult', 'transfer', 'remove'])
})

it('lets who rings be let go, and rings again who did not answer', () => {
  const group = aCall({ kind: 'group' })

  expect(memberActs(aMember({ state: 'ringing' }), group)).toEqual(['remove'])
  expect(memberActs(aMember({ state: 'unanswered' }), group)).toEqual(['ringAgain'])
})

it('marks in a roll-call who is there, also by hand', () => {
  const called = aMember({ state: 'absent', mark: false })

  expect(memberActs(called, aCall({ kind: 'rollcall' }))).toEqual(['present'])
  expect(memberActs(aMember({ mark: true }), aCall({ kind: 'rollcall' }))[0]).toBe('next')
})
