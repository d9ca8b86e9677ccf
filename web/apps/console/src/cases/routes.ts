import type { RouteRecordRaw } from 'vue-router'
import { LAW } from '../law/routes'
import { PROPOSALS } from '../proposals/routes'

const page = (path: string, name: string, component: RouteRecordRaw['component']) =>
  ({ path, name, component }) as RouteRecordRaw
/** A page beside the list of a stream. */
const beside = (
  stream: string,
  path: string,
  name: string,
  component: RouteRecordRaw['component'],
) => ({ path: `${stream}/${path}`, name, component, meta: { stream } }) as RouteRecordRaw

export const CASES: RouteRecordRaw = {
  path: '/cases',
  meta: { permission: 'self' },
  component: () => import('./CasesFrame.vue'),
  children: [
    { path: '', redirect: { name: 'case-waiting' } },
    page('waiting', 'case-waiting', () => import('./WaitingPage.vue')),
    page('calendar', 'case-calendar', () => import('./CalendarPage.vue')),
    page('subscriptions', 'case-subscriptions', () => import('./SubscriptionsPage.vue')),
    page('exchange', 'exchange', () => import('../exchange/ExchangePage.vue')),
    page('one/:id', 'case', () => import('./CasePage.vue')),
    ...LAW.map(([path, name, component]) => beside('legislation', path, name, component)),
    beside('duty_records', 'scores', 'duty-scores', () => import('../streams/ScoresPage.vue')),
    beside('mandates', 'map', 'deputy-map', () => import('../streams/SpreadPage.vue')),
    beside('duty_records', 'book/:person', 'deputy-book', () => import('../streams/BookPage.vue')),
    beside('snapshots', 'sendings', 'sendings', () => import('../streams/SendingsPage.vue')),
    beside('opinions', 'figures', 'opinion-figures', () => import('../streams/OpinionsPage.vue')),
    ...PROPOSALS.map(([path, name, component, under]) => {
      const made = beside('proposals', path, name, component)
      return under ? { ...made, meta: { ...made.meta, under } } : made
    }),
    page(':stream', 'cases', () => import('./CasesPage.vue')),
    page(':stream/new/:command', 'case-new', () => import('./NewCasePage.vue')),
    page(':stream/counts', 'case-counts', () => import('./CountsPage.vue')),
    page(':stream/rules', 'case-rules', () => import('./RulesPage.vue')),
  ],
}
