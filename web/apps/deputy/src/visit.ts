import { deliveryOf, kept, linkOf } from '@hub/features/notices'
import type { Channel } from '@hub/contract'

interface Visit {
  token: string
  via: Channel | null
  delivery: string | null
  /** What the link opens, where it is no notice: a round or a call. */
  page: string
}

const PAGE = /^(meetings|calls)\/[0-9a-f-]{36}$/
/** Nothing but pages of this app: whoever makes up a link leads nobody elsewhere. */
export const pageOf = (search: string): string => {
  const page = new URLSearchParams(search).get('open') ?? ''
  return PAGE.test(page) ? `/${page}` : ''
}

const memory = kept<Visit | null>('hub.visit', null, sessionStorage)

export const pageIn = ({ page, delivery }: Visit): string =>
  page || (delivery ? `/notices/${delivery}` : '')

/** Signed in: a reload stays where it is, and the token is not kept. */
export const settleVisit = (): void => {
  const visit = memory.read()
  if (visit) memory.write({ ...visit, token: '' })
}

/** By which link one came; the address forgets it, so that a page that is passed on opens nothing. */
export const takeVisit = (): Visit | null => {
  const link = linkOf(location)
  if (!link) return memory.read()
  const visit = { ...link, delivery: deliveryOf(link.token), page: pageOf(location.search) }
  memory.write(visit)
  history.replaceState(null, '', '/deputy/')
  return visit
}

export const endVisit = (): void => memory.clear()

export const viaOf =
  (visit: Visit | null) =>
  (delivery: string): Channel | undefined =>
    visit?.via && (!visit.delivery || visit.delivery === delivery) ? visit.via : undefined

/** What WeChat's way back says when it went wrong: `?problem=wechat-unknown`. */
export const takeProblem = (): string => {
  const problem = new URLSearchParams(location.search).get('problem') ?? ''
  if (problem) history.replaceState(null, '', '/deputy/')
  return problem
}

export const inWechat = (): boolean => /MicroMessenger/i.test(navigator.userAgent)
