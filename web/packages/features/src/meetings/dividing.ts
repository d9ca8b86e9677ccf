import type { MeetingMemberRow } from '@hub/contract'

export interface Group {
  /** 0: those who stay in the main room. */
  number: number
  name: string
  refs: string[]
}

const grouped = (names: readonly string[]): Group[] =>
  names.map((name, n) => ({ number: n + 1, name, refs: [] }))

/** Those who may be divided: they are present, and none of them runs the meeting. */
export const dividable = (members: readonly MeetingMemberRow[]): MeetingMemberRow[] =>
  members.filter((one) => one.state === 'in' && !one.runs)

/** Groups of equal size; neighbours stay together. */
export const inEqualParts = (
  members: readonly MeetingMemberRow[],
  names: readonly string[],
): Group[] => {
  const groups = grouped(names)
  members.forEach(({ id }, n) => {
    groups[Math.floor((n * groups.length) / members.length)]?.refs.push(id)
  })
  return groups
}

/** One group for each district; who has none stays in the main room. */
export const byUnit = (members: readonly MeetingMemberRow[]): Group[] => {
  const units = [...new Set(members.map(({ unit }) => unit).filter(Boolean))]
  const groups = grouped(units)
  for (const { id, unit } of members) groups[units.indexOf(unit)]?.refs.push(id)
  return groups
}

export const moved = (groups: readonly Group[], ref: string, to: number): Group[] =>
  groups.map((group) => {
    const others = group.refs.filter((one) => one !== ref)
    return { ...group, refs: group.number === to ? [...others, ref] : others }
  })
