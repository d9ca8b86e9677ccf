import { useI18n } from 'vue-i18n'
import { dayOf, minuteTime, wholeTime } from '../page/format'

const DAY = 86_400_000

/** The day of a list's line or a separator: 今天, 昨天, 11月20日, 2025年11月20日. */
export const useDay = () => {
  const { t } = useI18n()
  return (at: string, now: number): string => {
    const day = dayOf(at)
    if (day === dayOf(now)) return t('conversations.day.today')
    if (day === dayOf(now - DAY)) return t('conversations.day.yesterday')
    const [year, month, date] = day.split('-').map(Number)
    const near = day.slice(0, 4) === dayOf(now).slice(0, 4)
    return t(`conversations.day.${near ? 'near' : 'far'}`, { year, month, date })
  }
}

export const timeOf = (at: string): string => minuteTime(at).slice(6)
export const secondOf = (at: string): string => wholeTime(at)
