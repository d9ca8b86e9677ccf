/** A picture of a phone is ten times what a desk looks at: smaller ones arrive on a bad line, too. */
const LONGEST = 1920
const QUALITY = 0.82
const KINDS = /^(image|video|audio)\//
const MB = 1024 * 1024
export const MOST_PIECES = 9
export const LARGEST_PIECE = 100 * MB

export type PieceFault = 'empty' | 'large' | 'kind' | 'many'

/** Why it is not taken. */
export const faultOf = (file: Pick<File, 'size' | 'type'>, before: number): PieceFault | null => {
  if (before >= MOST_PIECES) return 'many'
  if (file.size === 0) return 'empty'
  if (!KINDS.test(file.type)) return 'kind'
  return file.size > LARGEST_PIECE ? 'large' : null
}

/** How large it becomes. */
export const fitted = (width: number, height: number): [width: number, height: number] => {
  const scale = Math.min(1, LONGEST / Math.max(width, height, 1))
  return [Math.round(width * scale), Math.round(height * scale)]
}

const drawn = async (file: File): Promise<Blob | null> => {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const [width, height] = fitted(picture.width, picture.height)
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height)
  picture.close()
  return new Promise((made) => canvas.toBlob(made, 'image/jpeg', QUALITY))
}

/** Drawn anew: nothing of where it was taken goes with a picture. What cannot be drawn goes as it is, and the hub judges. */
export const prepared = async (file: File, name: string): Promise<File> => {
  const ending = file.name.split('.').pop() ?? ''
  const whole = new File([file], `${name}.${ending}`, {
    type: file.type,
    lastModified: file.lastModified,
  })
  if (!file.type.startsWith('image/')) return whole
  const small = await drawn(file).catch(() => null)
  return small ? new File([small], `${name}.jpg`, { type: 'image/jpeg' }) : whole
}
