import { createRouter, createWebHashHistory } from 'vue-router'
import Book from './pages/Book.vue'
import Call from './pages/Call.vue'
import CaseDraft from './pages/CaseDraft.vue'
import CaseNotices from './pages/CaseNotices.vue'
import CaseOne from './pages/CaseOne.vue'
import Cases from './pages/Cases.vue'
import CaseStep from './pages/CaseStep.vue'
import Clips from './pages/Clips.vue'
import Details from './pages/Details.vue'
import Live from './pages/Live.vue'
import LiveOne from './pages/LiveOne.vue'
import Mine from './pages/Mine.vue'
import MyCode from './pages/MyCode.vue'
import Round from './pages/Round.vue'
import Subscriptions from './pages/Subscriptions.vue'
import Search from './pages/Search.vue'
import Document from './pages/Document.vue'
import Snap from './pages/Snap.vue'
import Talk from './pages/Talk.vue'
import TalkPane from './pages/TalkPane.vue'
import Todo from './pages/Todo.vue'
import Topics from './pages/Topics.vue'

// The pages are few and small, and a phone that has lost its line must still open them: none is lazy.
export const createPages = () =>
  createRouter({
    history: createWebHashHistory('/deputy/'),
    routes: [
      { path: '/', component: Todo },
      { path: '/notices/:id', component: Details, props: true },
      { path: '/talk', component: Talk },
      { path: '/talk/:id', component: TalkPane, props: true },
      { path: '/calls/:id', component: Call, props: true },
      { path: '/meetings/:id', component: Round, props: true },
      { path: '/cases', component: Cases },
      { path: '/cases/new/:stream/:command', component: CaseDraft, props: true },
      { path: '/cases/:id', component: CaseOne, props: true },
      { path: '/cases/my/book', component: Book },
      { path: '/cases/my/code', component: MyCode },
      { path: '/cases/my/subscriptions', component: Subscriptions },
      { path: '/cases/my/topics', component: Topics },
      { path: '/cases/:id/do/:command', component: CaseStep, props: true },
      { path: '/case-notices', component: CaseNotices },
      { path: '/search', component: Search },
      { path: '/documents/:id', component: Document, props: true },
      { path: '/live', component: Live },
      { path: '/live/:id', component: LiveOne, props: true },
      { path: '/clips', component: Clips },
      { path: '/snapshots', component: Snap },
      { path: '/mine', component: Mine },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  })
