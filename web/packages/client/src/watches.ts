import { createAcks } from './acks'
import { applyChanges, asChanges, type Change, type Picking, type Row } from './changes'
import { emitOnce, type Answer } from './asks'
import { createFreshness, type Freshness } from './freshness'
import type { Link } from './link'
import { HubProblem, type Problem } from './problem'

export interface WatchOptions<R extends Row> extends Picking<R> {
  /** The field that names a row. */
  key?: string
  /** `rows` may be a page of more: whether one that is not among them is new, or of another page, only the hub can say. */
  paged?: boolean
}

export interface Watch<R extends Row> {
  readonly rows: ReadonlyMap<string, R>
  /** All rows that match, where `rows` is only a page of them. */
  readonly total: number
  /** False until the first snapshot has come. */
  readonly ready: boolean
  readonly problem: HubProblem | null
  stop(): void
}

interface Snapshot<R extends Row> {
  rows: R[]
  total: number | null
  room: string
  /** Set where the hub's database is away: what it was then, with the changes known since. */
  as_of?: string | null
  changes?: Change<R>[]
}

interface Tell {
  room: string
  view: string
  changes: Change<Row>[]
}

/** A snapshot, and where in the order of what was told here it was asked for. */
interface Asked<R extends Row> {
  answer: Answer<Snapshot<R>> | null
  since: number
}

interface Open {
  room: string
  take(changes: Change<Row>[]): void
  fetch(): void
}

const RECENT = 60
/** The key of a change that says: too much changed to tell it row by row. */
const REFETCH = '*'
const REFETCH_AFTER = 400
const AGAIN = 2000

/** All watches of one link: joins rooms, and joins them again when the line is back. */
export const createWatches = (link: Link, freshness: Freshness = createFreshness()) => {
  const open = new Set<Open>()
  // A change may overtake the acknowledgement that names its room. What came before the question is in the answer:
  // the order in which it came says so, and no clock.
  let recent: Tell[] = []
  let heard = 0
  const left = new Set<string>()
  let asking = 0

  const acks = createAcks(link)
  link.socket.on('tell', (tell: Tell, offset?: unknown) => {
    heard += 1
    recent = [...recent.slice(1 - RECENT), tell]
    for (const watch of open) if (watch.room === tell.room) watch.take(tell.changes)
    acks.heard(offset)
  })
  // What was missed comes by itself to a connection that was recovered.
  link.socket.on('connect', () => {
    if (link.socket.recovered) return
    recent = []
    left.clear()
    for (const watch of open) watch.fetch()
  })

  /** Not while an answer is awaited: it may come from the very room that is left. */
  const leaveRooms = (): void => {
    if (asking > 0 || !link.socket.connected) return
    const held = new Set([...open].map((watch) => watch.room))
    for (const room of left) if (!held.has(room)) link.socket.emit('unwatch', { room })
    left.clear()
  }
  const leaveRoom = (room: string): void => {
    if (room) left.add(room)
    leaveRooms()
  }
  const ask = async <R extends Row>(view: string, params: object): Promise<Asked<R>> => {
    const since = heard
    asking += 1
    const answer = await emitOnce<Snapshot<R>>(link, 'watch', { view, params })
    asking -= 1
    return { answer, since }
  }
  const overtaken = (room: string, since: number): Change<Row>[] =>
    recent
      .slice(Math.max(0, recent.length - (heard - since)))
      .filter((tell) => tell.room === room)
      .flatMap((tell) => tell.changes)

  return { open, ask, leaveRoom, leaveRooms, overtaken, link, freshness }
}

export type Watches = ReturnType<typeof createWatches>

class LiveRows<R extends Row> implements Watch<R>, Open {
  rows: ReadonlyMap<string, R> = new Map()
  total = 0
  ready = false
  problem: HubProblem | null = null
  room = ''
  private generation = 0
  private soon: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly watches: Watches,
    private readonly view: string,
    private readonly params: object,
    private readonly onChange: (watch: Watch<R>) => void,
    private readonly options: WatchOptions<R>,
  ) {
    watches.open.add(this)
    if (watches.link.socket.connected) this.fetch()
  }

  fetch(): void {
    void this.join(++this.generation)
  }

  private async join(generation: number): Promise<void> {
    const asked = await this.watches.ask<R>(this.view, this.params)
    const { answer } = asked
    if (generation === this.generation) this.settle(asked, generation)
    if (answer?.ok && !this.watches.open.has(this)) this.watches.leaveRoom(answer.room)
    this.watches.leaveRooms()
  }

  private settle({ answer, since }: Asked<R>, generation: number): void {
    if (answer?.ok) this.restart(answer, since)
    else if (answer) this.refuse(answer.problem, generation)
    else this.fetchAgain(generation)
  }

  /** A line that breaks asks anew by itself when it is back. */
  private fetchAgain(generation: number): void {
    const due = (): boolean => generation === this.generation && this.watches.link.socket.connected
    setTimeout(() => due() && this.fetch(), AGAIN)
  }

  private restart(snapshot: Snapshot<R>, since: number): void {
    const { key = 'id' } = this.options
    this.room = snapshot.room
    this.ready = true
    this.problem = null
    this.rows = applyChanges(new Map(), asChanges(snapshot.rows, key))
    this.total = snapshot.total ?? snapshot.rows.length
    this.take([...(snapshot.changes ?? []), ...this.watches.overtaken(snapshot.room, since)])
    if (snapshot.as_of) this.watches.freshness.old(this, snapshot.as_of, () => this.fetch())
    else this.watches.freshness.fresh(this)
  }

  private refuse(problem: Problem, generation: number): void {
    this.problem = new HubProblem(problem)
    this.onChange(this)
    if (this.problem.passing) this.fetchAgain(generation)
  }

  take(changes: Change<Row>[]): void {
    if (changes.some(([key]) => key === REFETCH)) return this.fetchSoon()
    const { paged, keep = () => true } = this.options
    const before = this.rows
    const onlyKnown = this.options.onlyKnown || (paged && this.total > before.size)
    this.rows = applyChanges(before, changes as Change<R>[], { ...this.options, onlyKnown })
    this.total += this.rows.size - before.size
    const strange = changes.some(([key, row]) => row && !before.has(key) && keep(row as R))
    if (paged && onlyKnown && strange) this.fetchSoon()
    else this.onChange(this)
  }

  private fetchSoon(): void {
    this.onChange(this)
    this.soon ??= setTimeout(() => {
      this.soon = undefined
      this.fetch()
    }, REFETCH_AFTER)
  }

  stop(): void {
    clearTimeout(this.soon)
    this.generation += 1
    this.watches.freshness.forget(this)
    this.watches.open.delete(this)
    this.watches.leaveRoom(this.room)
  }
}

export const watch = <R extends Row>(
  watches: Watches,
  view: string,
  params: object,
  onChange: (watch: Watch<R>) => void,
  options: WatchOptions<R> = {},
): Watch<R> => new LiveRows(watches, view, params, onChange, options)
