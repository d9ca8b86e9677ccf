import type { AuditRow } from '@hub/contract'
import zh from './zh-CN'

export const ACTS: readonly string[] = Object.keys(zh.acts)

/** What an act is about, without the ids nobody can read. */
export const detailOf = (row: AuditRow): string =>
  Object.entries(row.detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(
      ([key, value]) =>
        `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    .join(' · ')
