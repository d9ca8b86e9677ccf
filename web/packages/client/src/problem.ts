/** An RFC 9457 problem document of the hub. */
export interface Problem {
  type?: string
  title?: string
  status: number
  detail: string
  code: string
  field?: string
}

/** `message` is the sentence the person may read. */
export class HubProblem extends Error {
  readonly status: number
  readonly code: string
  readonly field: string

  constructor(problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? '')
    this.name = 'HubProblem'
    this.status = problem.status ?? 0
    this.code = problem.code ?? 'error'
    this.field = problem.field ?? ''
  }

  /** A part is away for a moment: the same id may be sent again. */
  get passing(): boolean {
    return this.status === 503 || this.code === 'try-again' || this.code === 'offline'
  }
}

const SENTENCES = {
  offline: [
    '现在连不上中枢,还没有得到回音。内容已保留,连上后再按一次即可,不会重复发送。',
    'The hub cannot be reached and has not answered. Nothing is lost: press again when connected, it will not be done twice.',
  ],
  unreadable: [
    '中枢的回答读不懂。请刷新页面;若仍如此,请联系管理员。',
    'The answer of the hub could not be read. Reload the page; if it stays so, tell the administrator.',
  ],
} as const

/** What the client itself has to say, where the hub said nothing. */
export const ownProblem = (code: keyof typeof SENTENCES, language: string): HubProblem =>
  new HubProblem({ code, status: 0, detail: SENTENCES[code][language.startsWith('en') ? 1 : 0] })
