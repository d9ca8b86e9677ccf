import type { UploadPurpose } from '@hub/client'

export const LONGEST_TEXT = 4000
/** From here on the letters left are counted beside the text. */
const NEAR = 200
export const MOST_FILES = 9
const MB = 1024 * 1024
const LARGEST: Record<UploadPurpose, number> = {
  message: 2048 * MB,
  voice: 50 * MB,
  case: 2048 * MB,
  snapshot: 100 * MB,
}

/** Letters left; null while there is plenty. Below 0: too long. */
export const lettersLeft = (text: string): number | null => {
  const left = LONGEST_TEXT - [...text].length
  return left <= NEAR ? left : null
}

export type FileFault = 'empty' | 'large'

/** Why the hub would not take it. */
export const faultOf = (file: Pick<File, 'size'>, purpose: UploadPurpose): FileFault | null => {
  if (file.size === 0) return 'empty'
  return file.size > LARGEST[purpose] ? 'large' : null
}

export const largestOf = (purpose: UploadPurpose): string =>
  LARGEST[purpose] >= 1024 * MB
    ? `${LARGEST[purpose] / 1024 / MB} GB`
    : `${LARGEST[purpose] / MB} MB`
