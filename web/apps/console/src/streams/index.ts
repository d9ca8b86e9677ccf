import type { Permission } from '@hub/contract'
import type { ShownCase } from '@hub/features/cases'
import { defineAsyncComponent, type Component, type InjectionKey, type Ref } from 'vue'

/** The case on whose page a panel stands. */
export const SHOWN: InjectionKey<ShownCase> = Symbol('shown case')

/** The stream of the case that is looked at, for the menu beside it. */
export const LOOKED: InjectionKey<Ref<string>> = Symbol('stream looked at')

/** What a stream has beyond the screens that every stream has: a panel on its case, pages beside its list. */
export const PANELS: Record<string, Component> = {
  activities: defineAsyncComponent(() => import('./ActivityPanel.vue')),
  duty_topics: defineAsyncComponent(() => import('./TopicPanel.vue')),
  mandates: defineAsyncComponent(() => import('./MandatePanel.vue')),
  legislation: defineAsyncComponent(() => import('./LawPanel.vue')),
  opinions: defineAsyncComponent(() => import('./OpinionPanel.vue')),
  snapshots: defineAsyncComponent(() => import('./SnapshotPanel.vue')),
  proposals: defineAsyncComponent(() => import('../proposals/ProposalPanel.vue')),
}

/** Keys beside the list of a stream, for who may open cases of it. */
export const KEYS: Record<string, Component> = {
  mandates: defineAsyncComponent(() => import('./TakeOverKey.vue')),
}

/** Streams whose own text is read before their panel. */
export const BELOW = new Set(['proposals'])

/** Facts that stand in another place of the page: whose code was scanned is among the people. */
export const WITHOUT: Record<string, readonly string[]> = { opinions: ['to'] }

interface Beside {
  /** Of its route. */
  name: string
  /** The key of its tab's words. */
  label: string
  permission: Permission | readonly Permission[]
}

/** Legislative affairs and the chairpersons' meeting. */
const OVERSEERS: readonly Permission[] = ['legislate', 'cases.committee']

export const BESIDE: Record<string, Beside[]> = {
  proposals: [
    { name: 'proposal-figures', label: 'proposals.figures.link', permission: 'self' },
    { name: 'proposal-ledger', label: 'proposals.ledger.link', permission: 'self' },
    { name: 'proposal-key', label: 'proposals.key.link', permission: 'self' },
    { name: 'proposal-year', label: 'proposals.year.link', permission: 'self' },
    { name: 'proposal-sessions', label: 'proposals.sessions.link', permission: 'self' },
  ],
  legislation: [
    { name: 'law-board', label: 'legislation.board.link', permission: OVERSEERS },
    { name: 'law-overdue', label: 'legislation.overdue.link', permission: OVERSEERS },
    { name: 'law-plan', label: 'legislation.plan.link', permission: OVERSEERS },
    { name: 'law-calls', label: 'legislation.calls.link', permission: OVERSEERS },
    { name: 'law-templates', label: 'legislation.templates.link', permission: 'legislate' },
    { name: 'law-shelves', label: 'legislation.shelves.link', permission: 'self' },
  ],
  snapshots: [{ name: 'sendings', label: 'snapshots.figures.link', permission: 'cases.intake' }],
  opinions: [
    { name: 'opinion-figures', label: 'opinions.figures.link', permission: 'cases.intake' },
  ],
  mandates: [{ name: 'deputy-map', label: 'duties.spread.link', permission: 'directory.view' }],
  duty_records: [{ name: 'duty-scores', label: 'duties.scores.link', permission: 'cases.intake' }],
}
