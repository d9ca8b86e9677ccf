import { codeOf } from './code'

/** What hangs on the wall beside a station's door. */
export interface Sheet {
  title: string
  name: string
  hint: string
  address: string
  /** Below the code: where and when one may come. */
  lines: readonly string[]
}

/** A4 upright at 150 dots an inch. */
const [WIDTH, HEIGHT] = [1240, 1754]
const CODE = 760
const INK = '#1d2433'
const BRAND = '#b3261e'

const fonts = (size: number, weight = 400): string =>
  `${weight} ${size}px "Source Han Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif`

/** As many lines as `text` needs in `width`, broken at any sign, as Chinese is. */
export const broken = (
  text: string,
  width: number,
  measure: (part: string) => number,
): string[] => {
  const lines = ['']
  for (const sign of text) {
    const line = lines.at(-1) ?? ''
    if (line && measure(line + sign) > width) lines.push(sign.trimStart())
    else lines[lines.length - 1] = line + sign
  }
  return lines
}

/** Draws the sheet, and gives back the height down to which it reached. */
export const drawSheet = (canvas: HTMLCanvasElement, sheet: Sheet): number => {
  canvas.width = WIDTH
  canvas.height = HEIGHT
  const ctx = canvas.getContext('2d')
  if (!ctx) return 0
  const centred = (text: string, y: number, size: number, weight: number, colour = INK): number => {
    ctx.font = fonts(size, weight)
    ctx.fillStyle = colour
    const lines = broken(text, WIDTH - 200, (part) => ctx.measureText(part).width)
    for (const [at, line] of lines.entries()) ctx.fillText(line, WIDTH / 2, y + at * size * 1.4)
    return y + lines.length * size * 1.4
  }
  ctx.fillStyle = '#fff'
  ctx.fillRect(0, 0, WIDTH, HEIGHT)
  ctx.fillStyle = BRAND
  ctx.fillRect(0, 0, WIDTH, 28)
  ctx.textAlign = 'center'
  ctx.textBaseline = 'top'
  let y = centred(sheet.title, 120, 104, 700, BRAND)
  y = centred(sheet.name, y + 20, 54, 600)
  const drawn = codeOf(sheet.address)
  ctx.save()
  ctx.translate((WIDTH - CODE) / 2, y + 20)
  ctx.scale(CODE / drawn.size, CODE / drawn.size)
  ctx.fillStyle = '#000'
  ctx.fill(new Path2D(drawn.path))
  ctx.restore()
  y = centred(sheet.hint, y + CODE + 40, 44, 600)
  y += 24
  for (const line of sheet.lines) y = centred(line, y, 34, 400)
  return y
}
