import 'vant/es/dialog/style'
import 'vant/es/image-preview/style'
import 'vant/es/toast/style'
import '@hub/ui/tokens.css'
import './deputy.css'
import { createHub, type Auth } from '@hub/client'
import { createLanguage, keepLanguage, keptLanguage, provideHub } from '@hub/features/page'
import { createInbox, noticesEn, noticesZh, provideInbox } from '@hub/features/notices'
import {
  conversationsEn,
  conversationsZh,
  createTalk,
  provideTalk,
} from '@hub/features/conversations'
import { dutiesEn, dutiesZh } from '@hub/features/duties'
import { casesEn, casesZh, createCases, provideCases } from '@hub/features/cases'
import { callsEn, callsZh, createPhone, providePhone } from '@hub/features/calls'
import { liveEn, liveZh } from '@hub/features/live'
import { createAttendance, meetingsEn, meetingsZh, provideAttendance } from '@hub/features/meetings'
import { opinionsEn, opinionsZh } from '@hub/features/opinions'
import { proposalsEn, proposalsZh } from '@hub/features/proposals'
import { searchEn, searchZh } from '@hub/features/search'
import {
  createMemory,
  createSnaps,
  createStore,
  provideSnaps,
  snapshotsEn,
  snapshotsZh,
} from '@hub/features/snapshots'
import { createApp } from 'vue'
import App from './App.vue'
import { createEntry, lastHere, provideEntry } from './entry'
import { workOffline } from './offline'
import { createPages } from './router'
import { takeVisit, viaOf } from './visit'
import deputyEn from './words/en'
import deputyZh from './words/zh-CN'

/** The deputy's own session, even where an operator is signed in in the same browser. */
const AS_DEPUTY: Auth = { as: 'deputy' }

const visit = takeVisit()
const hub = createHub({ auth: AS_DEPUTY, language: keptLanguage })
const inbox = createInbox(hub, { via: viaOf(visit) })
const app = createApp(App)
const pages = createPages()
const entry = createEntry(hub, inbox, visit, (page) => void pages.replace(page))

app.use(pages)
app.use(
  createLanguage({
    'zh-CN': {
      notices: noticesZh,
      deputy: deputyZh,
      conversations: conversationsZh,
      calls: callsZh,
      cases: casesZh,
      duties: dutiesZh,
      meetings: meetingsZh,
      live: liveZh,
      snapshots: snapshotsZh,
      opinions: opinionsZh,
      proposals: proposalsZh,
      search: searchZh,
    },
    en: {
      notices: noticesEn,
      deputy: deputyEn,
      conversations: conversationsEn,
      calls: callsEn,
      cases: casesEn,
      duties: dutiesEn,
      meetings: meetingsEn,
      live: liveEn,
      snapshots: snapshotsEn,
      opinions: opinionsEn,
      proposals: proposalsEn,
      search: searchEn,
    },
  }),
)
keepLanguage(keptLanguage())
provideHub(app, hub)
provideInbox(app, inbox)
provideTalk(app, createTalk(hub))
provideCases(app, createCases(hub))
providePhone(app, createPhone(hub))
provideAttendance(app, createAttendance(hub))
provideEntry(app, entry)
const snaps = createSnaps(hub, 'indexedDB' in window ? createStore() : createMemory())
provideSnaps(app, snaps)
void snaps.openFor(lastHere())
workOffline()
app.mount('#app')
void entry.enter()
