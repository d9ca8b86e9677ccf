import { ref } from 'vue'

const LIVE = /^\/live\/([0-9a-f-]{36})\/?$/

const kept = (live: string, word: string): string => {
  const key = `hub.live.${live}`
  try {
    if (word) sessionStorage.setItem(key, word)
    return word || (sessionStorage.getItem(key) ?? '')
  } catch {
    return word
  }
}

/** Which live meeting is meant, and the word of the signed link; the address forgets the word, a reload does not. */
export const useAddress = () => {
  const live = ref('')
  const word = ref('')
  const read = (): void => {
    live.value = LIVE.exec(location.pathname)?.[1] ?? ''
    word.value = live.value ? kept(live.value, location.hash.slice(1)) : ''
    if (location.hash) history.replaceState(null, '', location.pathname)
  }
  read()
  window.addEventListener('popstate', read)
  window.addEventListener('hashchange', read)
  return {
    live,
    word,
    go: (one: string): void => {
      history.pushState(null, '', `/live/${one}`)
      read()
    },
  }
}
