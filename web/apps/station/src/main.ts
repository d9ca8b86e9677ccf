import '@hub/ui/tokens.css'
import './station.css'
import { createHub } from '@hub/client'
import { createLanguage, keepLanguage, keptLanguage, provideHub } from '@hub/features/page'
import { keptKey, kioskEn, kioskZh, takeSettings } from '@hub/features/kiosk'
import { createInbox, noticesEn, noticesZh, provideInbox } from '@hub/features/notices'
import {
  conversationsEn,
  conversationsZh,
  createTalk,
  provideTalk,
} from '@hub/features/conversations'
import { callsEn, callsZh, createPhone, providePhone } from '@hub/features/calls'
import { createAttendance, meetingsEn, meetingsZh, provideAttendance } from '@hub/features/meetings'
import { liveEn, liveZh } from '@hub/features/live'
import { opinionsEn, opinionsZh } from '@hub/features/opinions'
import { createApp } from 'vue'
import App from './App.vue'

takeSettings(location, history, localStorage)
const key = keptKey(localStorage)
const hub = createHub({ auth: { device: key }, language: keptLanguage })

const app = createApp(App, { unlocked: key !== '' })
app.use(
  createLanguage({
    'zh-CN': {
      notices: noticesZh,
      kiosk: kioskZh,
      conversations: conversationsZh,
      calls: callsZh,
      meetings: meetingsZh,
      live: liveZh,
      opinions: opinionsZh,
    },
    en: {
      notices: noticesEn,
      kiosk: kioskEn,
      conversations: conversationsEn,
      calls: callsEn,
      meetings: meetingsEn,
      live: liveEn,
      opinions: opinionsEn,
    },
  }),
)
keepLanguage(keptLanguage())
provideHub(app, hub)
provideInbox(app, createInbox(hub))
provideTalk(app, createTalk(hub))
providePhone(app, createPhone(hub))
provideAttendance(app, createAttendance(hub))
app.mount('#app')
if (key) hub.open()
