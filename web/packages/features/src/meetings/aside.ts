import { computed, onScopeDispose, watch } from 'vue'
import { useHub } from '../page/hub'
import { usePhone } from '../calls/phone'
import { useAttendance } from './attendance'
import { useMyMeetings } from './rows'

const AGAIN = 2000

/**
 * One of an app: while one talks on the telephone beside the round, the round neither hears nor sees
 * nor is heard; afterwards one is back in it. The hub has the last word, so it is said until it is so.
 */
export const useAside = () => {
  const hub = useHub()
  const phone = usePhone()
  const attendance = useAttendance()
  const mine = useMyMeetings()
  const row = computed(() => mine.byKey.value.get(attendance.meeting.value))
  const wrong = computed(
    () =>
      row.value?.state === 'in' &&
      attendance.own.value !== '' &&
      row.value.aside !== phone.busy.value,
  )
  const agree = (): void => {
    const meeting = attendance.meeting.value
    if (wrong.value && meeting)
      void hub.ask('StepAside', { meeting, on: phone.busy.value }).catch(() => undefined)
  }
  watch([wrong, phone.busy], agree, { immediate: true })
  // The microphone falls silent here, before the hub has heard of it.
  watch(phone.busy, (busy) => attendance.hush(busy), { immediate: true })
  const timer = setInterval(agree, AGAIN)
  onScopeDispose(() => clearInterval(timer))
  return computed(() => row.value !== undefined && phone.busy.value)
}
