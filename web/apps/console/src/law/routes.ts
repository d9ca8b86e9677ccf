import type { RouteRecordRaw } from 'vue-router'

/** Pages beside the list of legislation: path, name, page. */
export const LAW: [string, string, RouteRecordRaw['component']][] = [
  ['board', 'law-board', () => import('../streams/BoardPage.vue')],
  ['overdue', 'law-overdue', () => import('./OverduePage.vue')],
  ['plan', 'law-plan', () => import('./PlanPage.vue')],
  ['project-templates', 'law-templates', () => import('./TemplatesPage.vue')],
  ['calls', 'law-calls', () => import('./CallsPage.vue')],
  ['shelves', 'law-shelves', () => import('./ShelvesPage.vue')],
]
