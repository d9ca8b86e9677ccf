import { onScopeDispose } from 'vue'

const EVERY = 30 * 60_000
const YOUNG = 60_000
const PAUSE = 5000

/** The main script of this page; its name carries a hash, so a new build takes it away. */
export const scriptOf = (page: Document): string =>
  page.querySelector('script[type=module][src]')?.getAttribute('src') ?? ''

/** Resolves to false where the hub has the script no more. It is loaded, not run. */
const isServed = (script: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = document.createElement('link')
    const finish = (served: boolean) => (): void => {
      probe.remove()
      resolve(served)
    }
    probe.rel = 'modulepreload'
    probe.href = `${script}?look=${Date.now()}`
    probe.onload = finish(true)
    probe.onerror = finish(false)
    document.head.append(probe)
  })

const later = (millis: number): Promise<void> => new Promise((done) => setTimeout(done, millis))

/** Loads the page anew when the hub serves another build and nobody is in front of it. */
export const useRenewal = (idle: () => boolean, online: () => boolean) => {
  const script = scriptOf(document)
  const born = Date.now()
  const may = (): boolean => script !== '' && Date.now() - born > YOUNG && idle() && online()

  /** Twice, a moment apart: a hub that is just starting is not a new build. */
  const isOld = async (): Promise<boolean> => {
    if (await isServed(script)) return false
    await later(PAUSE)
    return !(await isServed(script))
  }
  const look = async (): Promise<void> => {
    if (may() && (await isOld()) && may()) location.reload()
  }
  const timer = setInterval(() => void look(), EVERY)
  onScopeDispose(() => clearInterval(timer))
  return { look }
}
