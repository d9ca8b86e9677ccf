const ZONE = 'Asia/Shanghai'

const parts = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, hour12: false, ...options })

const CLOCK = parts({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
const WHOLE = parts({
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const DAY = parts({ year: 'numeric', month: '2-digit', day: '2-digit' })

const spoken = (format: Intl.DateTimeFormat, at: string | number | null): string =>
  at === null || at === '' ? '' : format.format(new Date(at))

/** All times are those of Asia/Shanghai. */
export const clockTime = (at: string | number | null): string => spoken(CLOCK, at)
export const wholeTime = (at: string | number | null): string => spoken(WHOLE, at)
export const minuteTime = (at: string | number | null): string => wholeTime(at).slice(5, 16)
export const dayOf = (at: string | number | null): string => spoken(DAY, at)

/** `2026-11-21 18:00` as an operator in Shanghai reads it, as an instant. */
export const instantOf = (local: string): string =>
  new Date(`${local.replace(' ', 'T')}${local.length > 16 ? '' : ':00'}+08:00`).toISOString()

export const localOf = (at: string | number): string => wholeTime(at).slice(0, 16)

/** `1:05`, `1:02:05`. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  const pad = (n: number): string => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return h ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`
}

const STEPS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const

/** The largest unit alone: `[3, 'hour']`. */
export const span = (seconds: number): readonly [number, (typeof STEPS)[number][1]] => {
  const [size, unit] = STEPS.find(([step]) => Math.abs(seconds) >= step) ?? STEPS[3]
  return [Math.floor(Math.abs(seconds) / size), unit]
}

export const bytes = (size: number): string =>
  size < 1024 * 1024
    ? `${Math.max(1, Math.round(size / 1024))} KB`
    : `${(size / 1024 / 1024).toFixed(1)} MB`

export const percent = (part: number, whole: number): string =>
  whole === 0 ? '0%' : `${part === whole ? 100 : Math.min(99, Math.round((part / whole) * 100))}%`

export const count = (value: number): string => value.toLocaleString('en-US')

/** As on a register: 138****2211. What the hub has masked already stays as it is. */
export const masked = (phone: string): string =>
  /^\+?\d{7,}$/.test(phone) ? phone.replace(/(\d{3})\d{4}(\d{4})$/, '$1****$2') : phone
