import { ref } from 'vue'

export type Page = 'drafts' | 'say' | 'suggestions' | 'plan' | 'mine'
export interface Place {
  page: Page | ''
  /** Of what one looks at; on 反映民意 the ref of a station or a deputy, e.g. station:12. */
  id: string
}

const UUID = '[0-9a-f-]{36}'
/** What may stand behind each page's name. */
const OF: Record<Page, RegExp> = {
  drafts: new RegExp(`^(${UUID})?$`),
  say: /^([a-z]+:[\w-]{1,40})?$/,
  suggestions: new RegExp(`^(${UUID})?$`),
  plan: /^$/,
  mine: /^$/,
}
const PLACE = /^\/public(?:\/([a-z]+)(?:\/([^/]+))?)?\/?$/
const isPage = (name: string): name is Page => Object.hasOwn(OF, name)
/** An address that stands behind a hash, as those of the other apps do, is the same page. */
const HASHED = /^#\/(?:public\/)?(\w.*)$/

export const isOpen = (path: string): boolean => /^\/public(\/|$)/.test(path)

export const placeOf = (path: string): Place => {
  const [whole, page = 'drafts', id = ''] = PLACE.exec(path) ?? []
  return whole && isPage(page) && OF[page].test(id) ? { page, id } : { page: '', id: '' }
}

export const pathOf = (page: Page, id = ''): string => `/public/${page}${id ? `/${id}` : ''}`

/** Where one is among the public pages; the browser's own keys go back and forth. */
export const usePlace = () => {
  const place = ref<Place>({ page: '', id: '' })
  const read = (): void => {
    const hashed = HASHED.exec(decodeURIComponent(location.hash))
    if (hashed) history.replaceState(null, '', `/public/${hashed[1]}`)
    place.value = placeOf(decodeURIComponent(location.pathname))
  }
  read()
  window.addEventListener('popstate', read)
  window.addEventListener('hashchange', read)
  return {
    place,
    go: (page: Page, id = ''): void => {
      history.pushState(null, '', pathOf(page, id))
      read()
      window.scrollTo(0, 0)
    },
  }
}
