import { onScopeDispose } from 'vue'
import { createRinger } from '../calls/ringer'
import { useCases } from './desk'
import type { NoticeRow } from './shapes'

/** Sounds once for whatever arrives, and lets the page say it in its own way. */
export const useAlarm = (say: (notice: NoticeRow) => void): void => {
  const ringer = createRinger()
  onScopeDispose(
    useCases().onNotice((notice) => {
      ringer.notice()
      say(notice)
    }),
  )
}
