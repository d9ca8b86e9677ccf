import '@hub/ui/tokens.css'
import './public.css'
import { createHub } from '@hub/client'
import { liveEn, liveZh } from '@hub/features/live'
import { createLanguage, keepLanguage, keptLanguage, provideHub } from '@hub/features/page'
import { createApp } from 'vue'
import App from './App.vue'

const app = createApp(App)
app.use(createLanguage({ 'zh-CN': { live: liveZh }, en: { live: liveEn } }))
keepLanguage(keptLanguage())
provideHub(app, createHub({ language: keptLanguage }))
app.mount('#app')
