import type { NodeRow } from '@hub/contract'

export type Light = 'overdue' | 'soon' | 'green' | 'open' | 'done'

const SOON = 15
const DAY = 86_400_000
/** Of several nodes the worst is shown. */
const WORST: readonly Light[] = ['overdue', 'soon', 'green', 'open', 'done']

/** `today` as YYYY-MM-DD in the city's zone. */
export const lightOf = (node: NodeRow, today: string): Light => {
  if (node.done) return 'done'
  if (!node.planned) return 'open'
  const left = (Date.parse(node.planned) - Date.parse(today)) / DAY
  return left < 0 ? 'overdue' : left <= SOON ? 'soon' : 'green'
}

export const worst = (nodes: readonly NodeRow[], today: string): Light => {
  const lights = nodes.map((node) => lightOf(node, today))
  return WORST.find((light) => lights.includes(light)) ?? 'done'
}

/** Today in the city's zone. */
export const cityDay = (now: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(now)

export const daysBetween = (first: string, last: string): number =>
  Math.round((Date.parse(last.slice(0, 10)) - Date.parse(first.slice(0, 10))) / DAY)
