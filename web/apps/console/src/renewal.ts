const KEPT = 'hub.reloaded'
const PAUSE = 20_000

/** After an update the parts of an open page are gone: load the new ones. The draft is kept. */
export const reloadWhenUpdated = (): void => {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(KEPT) ?? 0)
    if (Date.now() - last < PAUSE) return
    event.preventDefault()
    sessionStorage.setItem(KEPT, String(Date.now()))
    location.reload()
  })
}
