import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import '@hub/ui/tokens.css'
import { createApp } from 'vue'
import App from './App.vue'

createApp(App).mount('#app')
