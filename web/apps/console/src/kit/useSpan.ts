import { span } from '@hub/features'
import { useI18n } from 'vue-i18n'

/** A length of time in words: the largest unit alone. */
export const useSpan = () => {
  const { t } = useI18n()
  return (seconds: number): string => {
    const [n, unit] = span(seconds)
    return t(`page.unit.${unit}`, { n })
  }
}
