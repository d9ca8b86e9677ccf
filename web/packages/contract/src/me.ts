export interface Banner {
  code: string
  zh: string
  en: string
}

/** Who is signed in, as `/api/me` tells it. */
export interface Me {
  id: string
  name: string
  roles: string[]
  scopes: string[]
  permissions: string[]
  org: string | null
  banners: Banner[]
  csrf: string
  /** What must be done before anything else: `password`, `totp`. */
  owes?: string[]
  /** The id of this session. */
  session?: string
}
