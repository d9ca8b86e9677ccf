import type {
  FileRow,
  Priority,
  ReplyOption,
  SendBroadcast,
  TemplateRow,
  Uuid,
} from '@hub/contract'
import { instantOf } from '../page/format'
import { audienceOf, namesAnybody, NOBODY, type Whom } from './audience'
import { variablesOf } from './text'

/** What the composer holds. `id` is the command's: sending the same draft twice is sending once. */
export interface Draft {
  id: Uuid
  step: 0 | 1 | 2
  title: string
  text: string
  variables: Record<string, string>
  attachments: FileRow[]
  audio: FileRow | null
  priority: Priority
  /** null: the one of the priority. */
  ladder: string | null
  whom: Whom
  /** Names of hand-picked people, so that the list can be read after a reload. */
  labels: Record<string, string>
  options: ReplyOption[]
  when: 'now' | 'later'
  /** `2026-11-21 18:00`, Shanghai. */
  sendAt: string
  /** "" : the priority's own time to live. */
  expiresAt: string
  approval: boolean
  drill: boolean
}

export const RECEIVED: ReplyOption = {
  code: 'received',
  label: '收到',
  key: '1',
  needs_reason: false,
}

export const OPTION_SETS: Record<string, ReplyOption[]> = {
  received: [RECEIVED],
  attend: [
    { code: 'attend', label: '参加', key: '1', needs_reason: false },
    { code: 'leave', label: '请假', key: '2', needs_reason: true },
  ],
  leave: [RECEIVED, { code: 'leave', label: '请假', key: '2', needs_reason: true }],
}

export const emptyDraft = (id: Uuid): Draft => ({
  id,
  step: 0,
  title: '',
  text: '',
  variables: {},
  attachments: [],
  audio: null,
  priority: 'ordinary',
  ladder: null,
  whom: NOBODY,
  labels: {},
  options: [RECEIVED],
  when: 'now',
  sendAt: '',
  expiresAt: '',
  approval: false,
  drill: false,
})

export const fromTemplate = (draft: Draft, template: TemplateRow): Draft => ({
  ...draft,
  title: template.title,
  text: template.text,
  priority: template.priority,
  ladder: null,
  options: template.options.length ? template.options : [RECEIVED],
})

export const holesOf = (draft: Draft): string[] => variablesOf(draft.title, draft.text)

/** Why a step is not ready, as keys of `broadcasts.missing`. */
export type Missing =
  'title' | 'text' | 'variables' | 'options' | 'audience' | 'nobody' | 'sendAt' | 'past' | 'expires'

const contentMissing = (draft: Draft): (Missing | false)[] => [
  !draft.title.trim() && 'title',
  !draft.text.trim() && 'text',
  holesOf(draft).some((name) => !draft.variables[name]?.trim()) && 'variables',
  draft.options.some((option) => !option.label.trim()) && 'options',
]

const timesMissing = (draft: Draft, now: number): (Missing | false)[] => {
  const start = draft.when === 'later' && draft.sendAt ? Date.parse(instantOf(draft.sendAt)) : now
  return [
    draft.when === 'later' && !draft.sendAt && 'sendAt',
    start < now && 'past',
    draft.expiresAt !== '' && Date.parse(instantOf(draft.expiresAt)) <= start && 'expires',
  ]
}

const audienceMissing = (
  draft: Draft,
  now: number,
  reached: number | null,
): (Missing | false)[] => [
  !namesAnybody(draft.whom) && 'audience',
  namesAnybody(draft.whom) && reached === 0 && 'nobody',
  ...timesMissing(draft, now),
]

/** `reached`: how many the audience comes to, null while it is being counted. */
export const missing = (
  draft: Draft,
  now: number,
  reached: number | null,
): [Missing[], Missing[]] => [
  contentMissing(draft).filter((one) => one !== false),
  audienceMissing(draft, now, reached).filter((one) => one !== false),
]

/** Own options get a code that none of the others has. */
export const coded = (options: readonly ReplyOption[]): ReplyOption[] => {
  const taken = new Set(options.map((option) => option.code))
  const free = (n: number): string => (taken.has(`own-${n}`) ? free(n + 1) : `own-${n}`)
  return options.map((option, i) => {
    const code = option.code || free(i + 1)
    taken.add(code)
    return { ...option, label: option.label.trim(), code }
  })
}

export const commandOf = (draft: Draft): SendBroadcast & { id: Uuid } => ({
  id: draft.id,
  title: draft.title.trim(),
  text: draft.text.trim(),
  audience: audienceOf(draft.whom),
  priority: draft.priority,
  variables: Object.fromEntries(
    holesOf(draft).map((name) => [name, draft.variables[name]?.trim() ?? '']),
  ),
  attachments: draft.attachments.map((file) => file.id),
  audio: draft.audio?.id ?? null,
  options: coded(draft.options),
  ladder: draft.ladder,
  send_at: draft.when === 'later' ? instantOf(draft.sendAt) : null,
  expires_at: draft.expiresAt ? instantOf(draft.expiresAt) : null,
  approval: draft.approval,
  drill: draft.drill,
})

export const isTouched = (draft: Draft): boolean =>
  Boolean(
    draft.title ||
    draft.text ||
    draft.audio ||
    draft.attachments.length ||
    namesAnybody(draft.whom),
  )

const KEPT = 'hub.draft.'

/** Survives a closed tab, a reload and a lost line; one for each account. */
export const keepDraft = (owner: string, draft: Draft | null): void => {
  if (draft && isTouched(draft)) localStorage.setItem(KEPT + owner, JSON.stringify(draft))
  else localStorage.removeItem(KEPT + owner)
}

export const keptDraft = (owner: string): Draft | null => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT + owner) ?? 'null') as Draft | null
    return kept && { ...emptyDraft(kept.id), ...kept, whom: { ...NOBODY, ...kept.whom } }
  } catch {
    return null
  }
}
