import type { RouteRecordRaw } from 'vue-router'

const page = (path: string, name: string, component: RouteRecordRaw['component']) =>
  ({ path, name, component }) as RouteRecordRaw

export const CALLS: RouteRecordRaw = {
  path: '/calls',
  meta: { permission: 'call' },
  component: () => import('./CallsFrame.vue'),
  children: [
    { path: '', redirect: { name: 'board-of-calls' } },
    page('board', 'board-of-calls', () => import('./BoardPage.vue')),
    page('history', 'call-history', () => import('./HistoryPage.vue')),
    page('plans', 'call-plans', () => import('./PlansPage.vue')),
    page('night', 'night', () => import('./NightPage.vue')),
    page('devices', 'call-devices', () => import('./DevicesPage.vue')),
  ],
}
