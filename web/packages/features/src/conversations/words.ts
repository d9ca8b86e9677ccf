import type { MessageShape, Quote } from '@hub/contract'
import { useI18n } from 'vue-i18n'

/** A message in one line: its text, or what kind of thing it is. */
export const useBrief = () => {
  const { t } = useI18n()
  return (message: { shape: MessageShape; text: string }): string => {
    if (message.shape === 'text') return message.text
    const sign = t(`conversations.shape.${message.shape}`)
    return message.shape === 'recalled' ? sign : `${sign} ${message.text}`.trim()
  }
}

export const isGone = (quote: Quote): boolean => quote.shape === 'recalled'

/** Without the clipboard of modern browsers: an old one, or a page that is not https. */
const copyByHand = (text: string): void => {
  const field = document.createElement('textarea')
  field.value = text
  field.style.cssText = 'position:fixed;opacity:0'
  document.body.append(field)
  field.select()
  document.execCommand('copy')
  field.remove()
}

export const copyText = async (text: string): Promise<void> => {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    copyByHand(text)
  }
}
