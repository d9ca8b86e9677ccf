import { encode } from 'uqr'

/** Squares of quiet that a reader needs around a code. */
const QUIET = 4

/** Where a citizen writes who has scanned the code of a station or a deputy. */
export const sayAddress = (origin: string, ref: string): string =>
  `${origin}/public/say/${encodeURIComponent(ref).replace('%3A', ':')}`

export interface DrawnCode {
  /** Squares along one side, the quiet ones included. */
  size: number
  /** The dark squares, a square being one. */
  path: string
}

/** A QR code that still reads when a seventh of it is worn off. */
export const codeOf = (text: string): DrawnCode => {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET })
  const stretches = data.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1]) return []
      const end = row.indexOf(false, x)
      return [`M${x} ${y}h${end - x}v1H${x}z`]
    }),
  )
  return { size, path: stretches.join('') }
}
