import { defineAsyncComponent, type Component } from 'vue'

/** What a stream has beyond the screens that every stream has: a panel on its case, a page beside its list. */
export const PANELS: Record<string, Component> = {
  activities: defineAsyncComponent(() => import('./ActivityPanel.vue')),
  legislation: defineAsyncComponent(() => import('./LawPanel.vue')),
}

export const BESIDE: Record<
  string,
  { name: string; label: string; permission: 'legislate' | 'cases.intake' }
> = {
  legislation: { name: 'law-board', label: 'legislation.board.link', permission: 'legislate' },
  duty_records: { name: 'duty-scores', label: 'duties.scores.link', permission: 'cases.intake' },
}
