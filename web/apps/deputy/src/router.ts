import { createRouter, createWebHashHistory } from 'vue-router'
import Clips from './pages/Clips.vue'
import Details from './pages/Details.vue'
import Live from './pages/Live.vue'
import LiveOne from './pages/LiveOne.vue'
import Mine from './pages/Mine.vue'
import Round from './pages/Round.vue'
import Talk from './pages/Talk.vue'
import TalkPane from './pages/TalkPane.vue'
import Todo from './pages/Todo.vue'

// The pages are few and small, and a phone that has lost its line must still open them: none is lazy.
export const createPages = () =>
  createRouter({
    history: createWebHashHistory('/deputy/'),
    routes: [
      { path: '/', component: Todo },
      { path: '/notices/:id', component: Details, props: true },
      { path: '/talk', component: Talk },
      { path: '/talk/:id', component: TalkPane, props: true },
      { path: '/meetings/:id', component: Round, props: true },
      { path: '/live', component: Live },
      { path: '/live/:id', component: LiveOne, props: true },
      { path: '/clips', component: Clips },
      { path: '/mine', component: Mine },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
