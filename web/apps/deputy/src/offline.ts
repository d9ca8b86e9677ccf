/** From now on this page opens without a line, too. Where the browser has no such workers it needs one, as before. */
export const workOffline = (): void => {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.register('/deputy/sw.js', { scope: '/deputy/' }).catch(() => undefined)
}
