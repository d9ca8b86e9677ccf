import type { OrganisationRow, OrgKind } from '@hub/contract'

export interface OrgNode {
  id: string
  name: string
  kind: OrgKind
  people: number
  children: OrgNode[]
}

const ORDER: Record<OrgKind, number> = { city: 0, district: 1, station: 2, department: 3 }

const byPlace = (a: OrganisationRow, b: OrganisationRow): number =>
  ORDER[a.kind] - ORDER[b.kind] ||
  a.sort - b.sort ||
  a.id.localeCompare(b.id, 'en', { numeric: true })

const headcount = (row: OrganisationRow): number =>
  Object.values(row.people).reduce((sum, n) => sum + n, 0)

const nodeOf = (row: OrganisationRow): OrgNode => ({
  id: row.id,
  name: row.short_name || row.name,
  kind: row.kind,
  people: headcount(row),
  children: [],
})

/** The organisations as a tree; one whose parent is not in sight stands at the top. */
export const treeOf = (rows: readonly OrganisationRow[]): OrgNode[] => {
  const inUse = rows.filter((row) => row.active).sort(byPlace)
  const nodes = new Map(inUse.map((row) => [row.id, nodeOf(row)]))
  const tops: OrgNode[] = []
  for (const row of inUse) {
    const node = nodes.get(row.id)
    const siblings = nodes.get(row.parent ?? '')?.children ?? tops
    if (node) siblings.push(node)
  }
  return tops
}

export const everyNode = (nodes: readonly OrgNode[]): OrgNode[] =>
  nodes.flatMap((node) => [node, ...everyNode(node.children)])

/** What is ticked, said with the fewest names: a whole branch is its root. */
export const topmost = (nodes: readonly OrgNode[], ticked: ReadonlySet<string>): string[] =>
  nodes.flatMap((node) => (ticked.has(node.id) ? [node.id] : topmost(node.children, ticked)))

/** The stations at or below the organisations named. */
export const stationsBelow = (nodes: readonly OrgNode[], orgs: ReadonlySet<string>): string[] =>
  nodes.flatMap((node) =>
    orgs.has(node.id)
      ? everyNode([node])
          .filter((inner) => inner.kind === 'station')
          .map((inner) => inner.id)
      : stationsBelow(node.children, orgs),
  )

/** Branches that hold the text somewhere, whole from the root down. */
export const matching = (nodes: readonly OrgNode[], text: string): OrgNode[] =>
  nodes.flatMap((node) => {
    if (node.name.includes(text)) return [node]
    const children = matching(node.children, text)
    return children.length ? [{ ...node, children }] : []
  })
