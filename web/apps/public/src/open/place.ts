import { ref } from 'vue'

export type Page = 'drafts' | 'suggestions' | 'plan'
export interface Place {
  page: Page | ''
  id: string
}

const PLACE = /^\/public(?:\/(drafts|suggestions|plan)(?:\/([0-9a-f-]{36}))?)?\/?$/

export const isOpen = (path: string): boolean => /^\/public(\/|$)/.test(path)

export const placeOf = (path: string): Place => {
  const found = PLACE.exec(path)
  return { page: found ? ((found[1] ?? 'drafts') as Page) : '', id: found?.[2] ?? '' }
}

export const pathOf = (page: Page, id = ''): string => `/public/${page}${id ? `/${id}` : ''}`

/** Where one is among the public pages; the browser's own keys go back and forth. */
export const usePlace = () => {
  const place = ref(placeOf(location.pathname))
  const read = (): void => {
    place.value = placeOf(location.pathname)
  }
  window.addEventListener('popstate', read)
  return {
    place,
    go: (page: Page, id = ''): void => {
      history.pushState(null, '', pathOf(page, id))
      read()
      window.scrollTo(0, 0)
    },
  }
}
