import type { RouteRecordRaw } from 'vue-router'

/** Pages beside the list of suggestions and motions: path, name, page. */
export const PROPOSALS: [string, string, RouteRecordRaw['component'], under?: string][] = [
  ['figures', 'proposal-figures', () => import('./FiguresPage.vue')],
  ['rows', 'proposal-rows', () => import('./RowsPage.vue'), 'proposal-figures'],
  ['ledger', 'proposal-ledger', () => import('./LedgerPage.vue')],
  ['key', 'proposal-key', () => import('./KeyPage.vue')],
  ['year', 'proposal-year', () => import('./YearPage.vue')],
  ['sessions', 'proposal-sessions', () => import('./SessionsPage.vue')],
]
