import { beforeEach, describe, expect, it } from 'vitest'
import { NOBODY } from './audience'
import {
  commandOf,
  emptyDraft,
  fromTemplate,
  keepDraft,
  keptDraft,
  missing,
  type Draft,
} from './draft'

const NOW = Date.parse('2026-11-21T10:00:00Z')
const notice: Draft = {
  ...emptyDraft('id-1'),
  title: '防汛会商',
  text: '请于{hour}到{station}。',
  variables: { hour: '15 时' },
  whom: { ...NOBODY, orgs: ['city'] },
}

beforeEach(() => localStorage.clear())

describe('the composer', () => {
  it('says what each step still needs', () => {
    expect(missing(emptyDraft('x'), NOW, null)).toEqual([['title', 'text'], ['audience']])
    expect(missing(notice, NOW, 513)).toEqual([[], []])
    expect(missing({ ...notice, variables: {} }, NOW, 0)).toEqual([['variables'], ['nobody']])
  })

  it('will not send into the past, nor expire before it sends', () => {
    const past = { ...notice, when: 'later' as const, sendAt: '2026-11-21 17:00' }
    expect(missing(past, NOW, 1)[1]).toEqual(['past'])
    const short = {
      ...notice,
      when: 'later' as const,
      sendAt: '2026-11-21 19:00',
      expiresAt: '2026-11-21 18:30',
    }
    expect(missing(short, NOW, 1)[1]).toEqual(['expires'])
  })

  it('sends only the variables the text has, and the same id every time', () => {
    const command = commandOf({ ...notice, variables: { hour: '15 时', old: 'x' } })
    expect(command.variables).toEqual({ hour: '15 时' })
    expect([command.id, command.audience, command.send_at]).toEqual([
      'id-1',
      { orgs: ['city'] },
      null,
    ])
  })

  it('takes text, priority and answers from a template and leaves the audience', () => {
    const template = {
      id: 't',
      name: 't',
      title: 'A',
      text: 'B',
      priority: 'emergency' as const,
      options: [],
    }
    const draft = fromTemplate(notice, template)
    expect([draft.title, draft.priority, draft.whom.orgs, draft.options.length]).toEqual([
      'A',
      'emergency',
      ['city'],
      1,
    ])
  })

  it('keeps a draft for its owner, and nothing of an untouched one', () => {
    keepDraft('account:1', notice)
    expect(keptDraft('account:1')).toEqual(notice)
    expect(keptDraft('account:2')).toBeNull()
    keepDraft('account:1', emptyDraft('y'))
    expect(keptDraft('account:1')).toBeNull()
  })
})
