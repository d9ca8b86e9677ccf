import { HubProblem, type Hub } from '@hub/client'
import type { ContactRow, OrganisationRow, ProjectTemplateRow } from '@hub/contract'
import type { CaseRow } from '../shapes'

/** Somebody or something that may be picked. */
export interface Option {
  ref: string
  name: string
  note: string
}
interface Looking {
  hub: Hub
  text: string
  stream: string
  /** What the refs of this case are called. */
  near: Record<string, string>
}
type Find = (looking: Looking) => Promise<Option[]>

const FEW = 30

const people =
  (fits: (row: ContactRow) => boolean): Find =>
  async ({ hub, text }) => {
    const { rows } = await hub.view<ContactRow>('contacts', { text, limit: 100 })
    return rows
      .filter(fits)
      .slice(0, FEW)
      .map((row) => ({ ref: row.id, name: row.name, note: row.place }))
  }

/** Those of the case itself, for who may not read the directory: a deputy who says which unit is meant. */
const nearby = ({ near, text }: Looking, kind: string): Option[] =>
  Object.entries(near)
    .filter(([ref, name]) => ref.startsWith(`${kind}:`) && name.includes(text))
    .map(([ref, name]) => ({ ref, name, note: '' }))

const places =
  (kind: OrganisationRow['kind']): Find =>
  async (looking) => {
    try {
      const { rows } = await looking.hub.view<OrganisationRow>('organisations', {})
      return rows
        .filter((row) => row.kind === kind && row.active && row.name.includes(looking.text))
        .slice(0, FEW)
        .map((row) => ({ ref: row.id, name: row.name, note: '' }))
    } catch (problem) {
      if (problem instanceof HubProblem && problem.status === 403) return nearby(looking, kind)
      throw problem
    }
  }

const cases: Find = async ({ hub, text, stream }) => {
  const { rows } = await hub.view<CaseRow>('cases', { stream, q: text, size: FEW })
  return rows.map((row) => ({ ref: row.id, name: row.title, note: row.number }))
}

const OF_STREAM = /^case:([a-z_]+)(?:\/([a-z_]+))?$/

/** `case:legislation/comment`: of another stream than the form's own, and in that state. */
const casesOf =
  (stream: string, state: string): Find =>
  async ({ hub, text }) => {
    const { rows } = await hub.view<CaseRow>('cases', { stream, state, q: text, size: FEW })
    return rows.map((row) => ({ ref: row.id, name: row.title, note: row.number }))
  }

const templates: Find = async ({ hub, text }) => {
  const { rows } = await hub.view<ProjectTemplateRow>('project_templates', {})
  return rows
    .filter(({ name }) => name.includes(text))
    .map(({ id, name }) => ({ ref: id, name, note: '' }))
}

const PICKS: Record<string, Find> = {
  person: people(({ id }) => id.startsWith('person:')),
  deputy: people(({ kind }) => kind === 'deputy'),
  unit: places('department'),
  district: places('district'),
  station: places('station'),
  case: cases,
  template: templates,
}

export const findFor = (pick: string): Find => {
  const [, stream, state = ''] = OF_STREAM.exec(pick) ?? []
  return stream ? casesOf(stream, state) : (PICKS[pick] ?? (() => Promise.resolve([])))
}
