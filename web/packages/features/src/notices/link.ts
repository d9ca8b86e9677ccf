import type { Channel } from '@hub/contract'
import { ROADS } from './receipt'

export interface LinkEntry {
  token: string
  via: Channel | null
}

const viaOf = (search: string): Channel | null => {
  const named = new URLSearchParams(search).get('via')
  return ROADS.find((road) => road === named) ?? null
}

/** `/d/<token>?via=wechat`: the way in that was sent to one person. */
export const linkOf = (place: { pathname: string; search: string }): LinkEntry | null => {
  const token = /^\/d\/([\w-]{1,200})\/?$/.exec(place.pathname)?.[1]
  return token ? { token, via: viaOf(place.search) } : null
}

const WITH_DELIVERY = 3
const hex = (bytes: number[]): string =>
  bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** The notice a link opens: the second id in a token of the kind that names one. */
export const deliveryOf = (token: string): string | null => {
  let raw: number[]
  try {
    raw = Array.from(atob(token.replace(/-/g, '+').replace(/_/g, '/')), (sign) =>
      sign.charCodeAt(0),
    )
  } catch {
    return null
  }
  if (raw[0] !== WITH_DELIVERY || raw.length < 33) return null
  const id = hex(raw.slice(17, 33))
  return [0, 8, 12, 16, 20].map((from, i, cuts) => id.slice(from, cuts[i + 1])).join('-')
}
