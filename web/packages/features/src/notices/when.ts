import { useI18n } from 'vue-i18n'
import { dayOf, minuteTime } from '../page/format'

const DAY = 86_400_000
const NEAR: readonly (readonly [number, string])[] = [
  [0, 'today'],
  [-DAY, 'yesterday'],
  [DAY, 'tomorrow'],
]

/** A time as one says it: 今天 09:30, 昨天 18:00, 11月21日 09:30. */
export const useWhen = () => {
  const { t } = useI18n()
  return (at: string, now: number): string => {
    const [day = '', time = ''] = minuteTime(at).split(' ')
    const near = NEAR.find(([away]) => dayOf(now + away) === dayOf(at))
    if (near) return t(`notices.when.${near[1]}`, { time })
    const [month, date] = day.split('-').map(Number)
    return t('notices.when.day', { month, date, time })
  }
}
