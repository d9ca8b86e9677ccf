import type { RouteRecordRaw } from 'vue-router'

const page = (path: string, name: string, component: RouteRecordRaw['component']) =>
  ({ path, name, component }) as RouteRecordRaw

export const CASES: RouteRecordRaw = {
  path: '/cases',
  meta: { permission: 'self' },
  component: () => import('./CasesFrame.vue'),
  children: [
    { path: '', redirect: { name: 'case-waiting' } },
    page('waiting', 'case-waiting', () => import('./WaitingPage.vue')),
    page('calendar', 'case-calendar', () => import('./CalendarPage.vue')),
    page('one/:id', 'case', () => import('./CasePage.vue')),
    page('legislation/board', 'law-board', () => import('../streams/BoardPage.vue')),
    page('duty_records/scores', 'duty-scores', () => import('../streams/ScoresPage.vue')),
    page(':stream', 'cases', () => import('./CasesPage.vue')),
    page(':stream/new/:command', 'case-new', () => import('./NewCasePage.vue')),
    page(':stream/counts', 'case-counts', () => import('./CountsPage.vue')),
    page(':stream/rules', 'case-rules', () => import('./RulesPage.vue')),
  ],
}
