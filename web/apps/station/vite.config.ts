import { app } from '../../vite.app.ts'
import { papers } from '../../vite.papers.ts'

export default app('/station/', 'vant', papers())
