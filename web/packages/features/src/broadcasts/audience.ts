import type { Audience, RecipientKind } from '@hub/contract'

/** The audience as it is being put together. Labels are kept for what no other view can name. */
export type Whom = Required<Audience>

export const NOBODY: Whom = {
  orgs: [],
  kinds: [],
  groups: [],
  tags: [],
  recipients: [],
  except_orgs: [],
  except_groups: [],
  except_recipients: [],
}

export type WhomAction =
  | { do: 'orgs'; orgs: string[] }
  | { do: 'toggle'; list: keyof Whom; name: string }
  | { do: 'add' | 'drop'; list: keyof Whom; name: string }
  | { do: 'clear' }

/** Naming and excepting the same one makes no sense: the later word counts. */
const OPPOSITE: Partial<Record<keyof Whom, keyof Whom>> = {
  orgs: 'except_orgs',
  groups: 'except_groups',
  recipients: 'except_recipients',
  except_orgs: 'orgs',
  except_groups: 'groups',
  except_recipients: 'recipients',
}

const without = (whom: Whom, list: keyof Whom | undefined, name: string): Whom =>
  list ? { ...whom, [list]: whom[list].filter((one) => one !== name) } : whom

const withName = (whom: Whom, list: keyof Whom, name: string): Whom => {
  const free = without(whom, OPPOSITE[list], name)
  const names: string[] = free[list]
  return names.includes(name) ? free : { ...free, [list]: [...names, name] }
}

export const changeWhom = (whom: Whom, action: WhomAction): Whom => {
  switch (action.do) {
    case 'clear':
      return NOBODY
    case 'orgs':
      return {
        ...whom,
        orgs: action.orgs,
        except_orgs: whom.except_orgs.filter((org) => !action.orgs.includes(org)),
      }
    case 'add':
      return withName(whom, action.list, action.name)
    case 'drop':
      return without(whom, action.list, action.name)
    case 'toggle': {
      const names: string[] = whom[action.list]
      return names.includes(action.name)
        ? without(whom, action.list, action.name)
        : withName(whom, action.list, action.name)
    }
  }
}

export const namesAnybody = (whom: Whom): boolean =>
  [whom.orgs, whom.groups, whom.tags, whom.recipients].some((list) => list.length > 0)

/** Only what was chosen goes over the wire. */
export const audienceOf = (whom: Whom): Audience =>
  Object.fromEntries(Object.entries(whom).filter(([, list]) => list.length > 0))

export const hasKind = (whom: Whom, kind: RecipientKind): boolean =>
  whom.kinds.length === 0 || whom.kinds.includes(kind)
