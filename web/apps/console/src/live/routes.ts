import type { RouteRecordRaw } from 'vue-router'

const page = (path: string, name: string, component: RouteRecordRaw['component']) =>
  ({ path, name, component }) as RouteRecordRaw

export const LIVE: RouteRecordRaw = {
  path: '/live',
  meta: { permission: 'live' },
  component: () => import('./LiveFrame.vue'),
  children: [
    { path: '', redirect: { name: 'lives' } },
    page('on', 'lives', () => import('./LivesPage.vue')),
    page('on/:id', 'live', () => import('./LivePage.vue')),
    page('recordings', 'recordings', () => import('./RecordingsPage.vue')),
    page('speeches', 'speeches', () => import('./SpeechesPage.vue')),
    page('speakers', 'speakers', () => import('./SpeakersPage.vue')),
    page('speakers/:ref', 'speaker', () => import('./SpeakerPage.vue')),
  ],
}
