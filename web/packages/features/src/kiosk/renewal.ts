import { onScopeDispose } from 'vue'

const EVERY = 30 * 60_000
const PATIENCE = 15_000
const YOUNG = 60_000

/** The build a page is of: the name of its main script carries a hash. */
export const buildOf = (page: Document | null): string =>
  page?.querySelector('script[type=module][src]')?.getAttribute('src') ?? ''

/** The page as the hub serves it now, in a frame that may not run anything. */
const newestBuild = (): Promise<string> =>
  new Promise((resolve) => {
    const frame = document.createElement('iframe')
    const finish = (): void => {
      clearTimeout(timer)
      const build = buildOf(frame.contentDocument)
      frame.remove()
      resolve(build)
    }
    const timer = setTimeout(finish, PATIENCE)
    frame.hidden = true
    frame.setAttribute('sandbox', 'allow-same-origin')
    frame.onload = finish
    frame.src = `${location.pathname}?look=${Date.now()}`
    document.body.append(frame)
  })

/** Loads the page anew when the hub serves another build and nobody is in front of it. */
export const useRenewal = (idle: () => boolean, online: () => boolean) => {
  const mine = buildOf(document)
  const born = Date.now()
  const may = (): boolean => mine !== '' && Date.now() - born > YOUNG && idle() && online()
  const look = async (): Promise<void> => {
    if (!may()) return
    const newest = await newestBuild()
    if (newest && newest !== mine && may()) location.reload()
  }
  const timer = setInterval(() => void look(), EVERY)
  onScopeDispose(() => clearInterval(timer))
  return { look }
}
