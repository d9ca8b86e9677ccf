export interface DayLine {
  day: string
  works: boolean
  name: string
}

const LINE = /^(\d{4}-\d{2}-\d{2})\s+(休|班|off|on)(?:\s+(.{1,40}))?$/i
const WORKS = new Set(['班', 'on'])

const isDay = (day: string): boolean => {
  const at = new Date(`${day}T00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}
const lineOf = (text: string): DayLine | null => {
  const [, day = '', mark = '', name = ''] = LINE.exec(text) ?? []
  return day && isDay(day) ? { day, works: WORKS.has(mark.toLowerCase()), name } : null
}

/** Lines such as `2027-02-15 休 春节`; or which line cannot be read. */
export const daysOf = (written: string): { days: DayLine[] } | { bad: number; text: string } => {
  const days: DayLine[] = []
  for (const [at, raw] of written.split('\n').entries()) {
    const text = raw
      .trim()
      .replaceAll(/[,，\t/]+/g, ' ')
      .replaceAll(/ +/g, ' ')
    if (!text) continue
    const line = lineOf(text)
    if (!line) return { bad: at + 1, text: raw.trim() }
    days.push(line)
  }
  return { days }
}
