import type { Permission } from '@hub/contract'
import { useSession } from '@hub/features'
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import { CALLS } from './calls/routes'
import { CASES } from './cases/routes'
import { LIVE } from './live/routes'

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without the shell. */
    bare?: boolean
    /** Open to who is not signed in. */
    anybody?: boolean
    permission?: Permission
    /** Which stream of business the page belongs to. */
    stream?: string
    /** The tab that leads to it, where it has none of its own. */
    under?: string
  }
}

const system = (
  path: string,
  permission: Permission | undefined,
  component: RouteRecordRaw['component'],
): RouteRecordRaw =>
  ({ path, name: path, meta: permission ? { permission } : {}, component }) as RouteRecordRaw

const SYSTEM: RouteRecordRaw[] = [
  system('accounts', 'accounts', () => import('./system/AccountsPage.vue')),
  system('devices', 'accounts', () => import('./system/DevicesPage.vue')),
  system('keys', 'accounts', () => import('./system/KeysPage.vue')),
  system('sessions', 'accounts', () => import('./system/SessionsPage.vue')),
  system('talks', 'accounts', () => import('./system/TalksPage.vue')),
  system('audit', 'audit.view', () => import('./system/AuditPage.vue')),
  system('roads', 'broadcast.view', () => import('./system/RoadsPage.vue')),
  system('templates', 'broadcast', () => import('./system/TemplatesPage.vue')),
  system('ladders', 'broadcast.view', () => import('./system/LaddersPage.vue')),
  system('quiet', 'broadcast.view', () => import('./system/QuietPage.vue')),
  system('mine', undefined, () => import('./system/MyAccountPage.vue')),
]

const DIRECTORY: RouteRecordRaw[] = [
  { path: '', redirect: { name: 'people' } },
  { path: 'people', name: 'people', component: () => import('./people/PeoplePage.vue') },
  { path: 'stations', name: 'stations', component: () => import('./people/StationsPage.vue') },
  { path: 'groups', name: 'groups', component: () => import('./people/GroupsPage.vue') },
  { path: 'rosters', name: 'rosters', component: () => import('./people/RostersPage.vue') },
  {
    path: 'import',
    name: 'import',
    meta: { permission: 'directory.edit' },
    component: () => import('./people/ImportPage.vue'),
  },
]

const ROUTES: RouteRecordRaw[] = [
  {
    path: '/sign-in',
    name: 'sign-in',
    meta: { bare: true, anybody: true },
    component: () => import('./session/SignInPage.vue'),
  },
  {
    path: '/owed',
    name: 'owed',
    meta: { bare: true },
    component: () => import('./session/OwedPage.vue'),
  },
  {
    path: '/',
    name: 'duty',
    meta: { permission: 'broadcast.view' },
    component: () => import('./duty/DutyPage.vue'),
  },
  {
    path: '/broadcasts',
    name: 'broadcasts',
    meta: { permission: 'broadcast.view' },
    component: () => import('./broadcasts/BroadcastListPage.vue'),
  },
  {
    path: '/broadcasts/:id',
    name: 'board',
    meta: { permission: 'broadcast.view' },
    component: () => import('./broadcasts/BoardPage.vue'),
  },
  {
    path: '/broadcasts/:id/report',
    name: 'report',
    meta: { bare: true, permission: 'broadcast.view' },
    component: () => import('./broadcasts/ReportPage.vue'),
  },
  {
    path: '/meetings',
    name: 'meetings',
    meta: { permission: 'meet' },
    component: () => import('./meetings/MeetingsPage.vue'),
  },
  {
    path: '/meetings/:id',
    name: 'meeting',
    meta: { permission: 'meet' },
    component: () => import('./meetings/MeetingPage.vue'),
  },
  CALLS,
  CASES,
  LIVE,
  {
    path: '/conversations/:id?',
    name: 'conversations',
    meta: { permission: 'self' },
    component: () => import('./conversations/ConversationsPage.vue'),
  },
  {
    path: '/search',
    name: 'search',
    meta: { permission: 'self' },
    component: () => import('./search/SearchPage.vue'),
  },
  {
    path: '/documents/:id',
    name: 'document',
    meta: { permission: 'self' },
    component: () => import('./search/DocumentPage.vue'),
  },
  {
    path: '/directory',
    meta: { permission: 'directory.view' },
    component: () => import('./people/DirectoryFrame.vue'),
    children: DIRECTORY,
  },
  {
    path: '/stations/:id/code',
    name: 'station-code',
    meta: { bare: true, permission: 'directory.view' },
    component: () => import('./people/StationCodePage.vue'),
  },
  {
    path: '/map',
    name: 'map',
    meta: { permission: 'directory.view' },
    component: () => import('./duty/MapPage.vue'),
  },
  { path: '/system', component: () => import('./system/SystemFrame.vue'), children: SYSTEM },
  { path: '/:rest(.*)', name: 'nowhere', component: () => import('./shell/NowherePage.vue') },
]

export const createConsoleRouter = () => {
  const router = createRouter({ history: createWebHashHistory(), routes: ROUTES })
  router.beforeEach(async (to) => {
    if (to.meta.anybody) return true
    const session = useSession()
    const me = await session.arrive().catch(() => null)
    if (!me)
      return { name: 'sign-in', query: { to: to.fullPath === '/' ? undefined : to.fullPath } }
    if (session.owes.length > 0 && to.name !== 'owed') return { name: 'owed' }
    // A desk that has no part in dispatch begins with what waits for it.
    if (to.name === 'duty' && !session.can('broadcast.view')) return { name: 'case-waiting' }
    return true
  })
  return router
}
