import { createI18n } from 'vue-i18n'

export type Language = 'zh-CN' | 'en'
const KEPT = 'hub.language'

export const keptLanguage = (): Language => (localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh-CN')

/** One file each per feature; here they become one tree. */
export const createLanguage = (messages: Record<Language, Record<string, unknown>>) =>
  createI18n({
    legacy: false,
    locale: keptLanguage(),
    fallbackLocale: 'zh-CN',
    messages: messages as never,
    missingWarn: false,
    fallbackWarn: false,
  })

export const keepLanguage = (language: Language): void => {
  localStorage.setItem(KEPT, language)
  document.documentElement.lang = language
}

/** The same sentences in the other language, none missing. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }
