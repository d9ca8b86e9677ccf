const ZONE = 'Asia/Shanghai'
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const MOON = new Intl.DateTimeFormat('zh-CN-u-ca-chinese', {
  timeZone: ZONE,
  month: 'long',
  day: 'numeric',
})

export interface Day {
  minute: string
  second: string
  date: string
  /** 农历, in Chinese alone. */
  moon: string
}

const DIGITS = '〇一二三四五六七八九'
const TENS = ['初', '十', '廿', '三十']

/** 1 → 初一, 10 → 初十, 20 → 二十, 23 → 廿三: some browsers write figures. */
const moonDay = (day: number): string => {
  const whole: Record<number, string> = { 10: '初十', 20: '二十', 30: '三十' }
  return whole[day] ?? `${TENS[Math.floor(day / 10)]}${DIGITS[day % 10]}`
}

const moonOf = (at: number): string => {
  const parts = MOON.formatToParts(at)
  const month = parts.find((part) => part.type === 'month')?.value ?? ''
  const day = Number(parts.find((part) => part.type === 'day')?.value)
  return month.endsWith('月') && day ? `农历${month}${moonDay(day)}` : ''
}

/** The day on a wall clock in Shanghai, wherever the screen's own clock thinks it is. */
export const dayAt = (at: number, language: string): Day => {
  const chinese = language.startsWith('zh')
  const clock = CLOCK.format(at)
  const date = new Intl.DateTimeFormat(chinese ? 'zh-CN' : 'en-GB', {
    timeZone: ZONE,
    dateStyle: 'full',
  }).format(at)
  return {
    minute: clock.slice(0, 5),
    second: clock.slice(6),
    // Browsers do not agree on the comma.
    date: date.replace(/(日)(星期)/, '$1 $2').replace(',', ''),
    moon: chinese ? moonOf(at) : '',
  }
}
