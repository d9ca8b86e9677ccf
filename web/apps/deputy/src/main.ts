import 'vant/es/dialog/style'
import 'vant/es/toast/style'
import '@hub/ui/tokens.css'
import { createApp } from 'vue'
import App from './App.vue'

createApp(App).mount('#app')
