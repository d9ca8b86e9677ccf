import type { ConversationKind, ConversationRow, Me, MessageRow } from '@hub/contract'

const GROUPS: ReadonlySet<ConversationKind> = new Set(['district', 'committee', 'group'])
const RECALL_WITHIN = 2 * 60_000
export const MAIN = 'station:0'

export const isGroup = (row: Pick<ConversationRow, 'kind'>): boolean => GROUPS.has(row.kind)

export const isAdministrator = (me: Me | null): boolean =>
  me !== null && me.permissions.includes('accounts') && me.scopes.includes('city')

export const isOperator = (me: Me | null): boolean => me?.permissions.includes('broadcast') ?? false

/** Operators of the whole city speak for the main station too. */
export const holdsMain = (me: Me | null): boolean =>
  isOperator(me) && (me?.scopes.includes('city') ?? false)

export interface Rights {
  group: boolean
  /** Pins, addresses everybody, sends notices. */
  lead: boolean
  /** Members, name, muting, closing. */
  manage: boolean
  administrator: boolean
}

/** What this person may do here. The hub decides; this is for not offering what it would refuse. */
export const rightsIn = (row: ConversationRow, me: Me | null): Rights => {
  const group = isGroup(row)
  const owner = row.standing === 'owner'
  const administrator = isAdministrator(me)
  return {
    group,
    lead: !group || owner || isOperator(me),
    manage: group && (owner || administrator),
    administrator,
  }
}

/** `own`: within the two minutes. `administrator`: with a reason. */
export const recallOf = (
  row: MessageRow,
  me: Me | null,
  now: number,
): 'own' | 'administrator' | null => {
  if (row.shape === 'recalled') return null
  if (row.author === me?.id && now - Date.parse(row.at) <= RECALL_WITHIN) return 'own'
  return isAdministrator(me) ? 'administrator' : null
}
