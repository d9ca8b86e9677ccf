import type { LawDocumentRow, ProjectTemplateRow } from '@hub/contract'

export const SHELVES = ['law', 'model', 'news', 'archive', 'expert', 'video', 'closed'] as const
export type ShelfName = (typeof SHELVES)[number]

/** What a shelf is sorted under; other words may be used beside. */
export const GROUPS: Record<ShelfName, string[]> = {
  law: ['法律', '行政法规', '省地方性法规', '市地方性法规', '政府规章', '规范性文件'],
  model: ['公文函件', '草案建议稿', '立项建议书', '立项论证报告', '审议文书'],
  news: ['立法动态', '立法技术', '工作机制', '外地经验'],
  archive: ['会议文件', '审议记录', '往来函件'],
  expert: ['高校', '律师', '实务部门'],
  video: ['会议录像', '听证会', '宣传片'],
  closed: ['已施行', '已废止', '终止审议'],
}

export type Validity = 'force' | 'over' | 'ahead' | 'none'

/** How a law stands on a day: the day it ends is the first on which it is not in force. */
export const validity = (
  { valid_from: from, valid_until: until }: Pick<LawDocumentRow, 'valid_from' | 'valid_until'>,
  day: string,
): Validity => {
  if (!from && !until) return 'none'
  if (until && until <= day) return 'over'
  return from && from > day ? 'ahead' : 'force'
}

const CODE = /^[a-z0-9_-]{1,40}$/

type Told = { id?: unknown; name?: unknown; kind?: unknown; nodes?: unknown }
const isNode = (one: unknown): one is ProjectTemplateRow['nodes'][number] => {
  const { node, after } = (one ?? {}) as { node?: unknown; after?: { n?: unknown } }
  return typeof node === 'string' && typeof after?.n === 'number' && after.n >= 0
}

const parsed = (text: string): Told => {
  try {
    return (JSON.parse(text) ?? {}) as Told
  } catch {
    return {}
  }
}

/** A template out of a file that was saved from one; null: it is none. */
export const templateOf = (text: string): ProjectTemplateRow | null => {
  const { id, name, kind, nodes } = parsed(text)
  if (typeof name !== 'string' || typeof kind !== 'string' || !Array.isArray(nodes)) return null
  if (!nodes.length || !nodes.every(isNode)) return null
  return { id: typeof id === 'string' && CODE.test(id) ? id : '', name, kind, nodes }
}
