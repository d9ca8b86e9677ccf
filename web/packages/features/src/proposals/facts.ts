/** One signed reply as it is counted; `rating` is empty until the lead deputy has rated it. */
export interface Reply {
  round: number
  on: string
  due: string
  klass: string
  signer: string
  promise: string
  solve_by: string | null
  rating: string
  rated_on: string | null
  why: string
}

export interface Part {
  role: string
  assigned: string
  signed: string | null
  handler: string
  phone: string
  opinion: string
  opinion_on: string | null
  leaving?: string
  replies: Reply[]
}

export interface Letter {
  unit: string
  round: number
  number: string
  text: string
  klass: string
  public: boolean
}

/** What waits for the head's signature. */
export interface Draft {
  number: string
  text: string
  klass: string
  promise: string
  solve_by: string | null
}

interface Contact {
  unit: string
  on: string
  way: string
  with_whom: string
  text: string
}

interface Extension {
  until: string
  reason: string
  granted: boolean | null
}

interface Vote {
  deputies: number
  present: number
  yes: number
  no: number
  abstain: number
}

/** What the facts of a suggestion or motion hold beyond its text; who is not inside the case gets none of it. */
export interface ProposalFacts {
  parts: Record<string, Part>
  letters: Letter[]
  drafts: Record<string, Draft>
  contacts: Contact[]
  messages: { at: string; by: string; name: string; text: string }[]
  similar: { case: string; title: string; ratio: number }[]
  related: string[]
  submitted_on: string | null
  extension: Extension | null
  key: { leader: string; committee: string; report: string } | null
  vote: Vote | null
}

export const factsOf = (plain: Record<string, unknown>): ProposalFacts => ({
  parts: {},
  letters: [],
  drafts: {},
  contacts: [],
  messages: [],
  similar: [],
  related: [],
  submitted_on: null,
  extension: null,
  key: null,
  vote: null,
  ...(plain as Partial<ProposalFacts>),
})

/** A letter with what was counted of it: when, who signed, what the deputy said. */
export interface Answer {
  letter: Letter
  reply: Reply | undefined
}

/** The newest first. */
export const answersOf = ({ letters, parts }: ProposalFacts): Answer[] =>
  [...letters].reverse().map((letter) => ({
    letter,
    reply: parts[letter.unit]?.replies.find(({ round }) => round === letter.round),
  }))

const ROLES = ['lead', 'separate', 'assisting']

export const unitsOf = ({ parts }: ProposalFacts): [unit: string, part: Part][] =>
  Object.entries(parts).sort(([, a], [, b]) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role))
