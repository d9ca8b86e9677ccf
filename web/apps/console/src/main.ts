import '@hub/ui/tokens.css'
import './styles.css'
import { createHub } from '@hub/client'
import {
  CONSOLE_MESSAGES,
  createLanguage,
  keepLanguage,
  keptLanguage,
  provideHub,
} from '@hub/features'
import { createPhone, providePhone } from '@hub/features/calls'
import { createCases, provideCases } from '@hub/features/cases'
import { createTalk, provideTalk } from '@hub/features/conversations'
import { createAttendance, provideAttendance } from '@hub/features/meetings'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { reloadWhenUpdated } from './renewal'
import { createConsoleRouter } from './router'

const i18n = createLanguage(CONSOLE_MESSAGES)
const language = (): string => i18n.global.locale.value
keepLanguage(keptLanguage())

reloadWhenUpdated()
const app = createApp(App)
const hub = createHub({ language })
provideHub(app, hub)
provideTalk(app, createTalk(hub))
provideCases(app, createCases(hub))
providePhone(app, createPhone(hub))
provideAttendance(app, createAttendance(hub))
app.use(createPinia()).use(i18n).use(createConsoleRouter()).mount('#app')
