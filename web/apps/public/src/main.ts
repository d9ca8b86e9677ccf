import '@hub/ui/tokens.css'
import './public.css'
import { createHub } from '@hub/client'
import { liveEn, liveZh } from '@hub/features/live'
import { openEn, openZh } from '@hub/features/open'
import { createLanguage, keepLanguage, keptLanguage, provideHub } from '@hub/features/page'
import { createApp } from 'vue'
import App from './App.vue'

const app = createApp(App)
app.use(
  createLanguage({ 'zh-CN': { live: liveZh, open: openZh }, en: { live: liveEn, open: openEn } }),
)
keepLanguage(keptLanguage())
provideHub(app, createHub({ language: keptLanguage }))
app.mount('#app')
