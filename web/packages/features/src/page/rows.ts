import type { Hub, HubProblem, Row, Watch, WatchOptions } from '@hub/client'
import { computed, onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useHub } from './hub'

export interface RowsOptions<R extends Row> extends WatchOptions<R> {
  /** Asked once and again on `refresh`, not watched. */
  still?: boolean
}

/** Refusals that mean: this view can be read, but not watched. */
const NOT_LIVE = new Set(['not-live', 'not-watchable'])

interface Shown<R extends Row> {
  rows: ReadonlyMap<string, R>
  total: number
  ready: boolean
  busy: boolean
  problem: HubProblem | null
}

interface Taking<R extends Row> {
  hub: Hub
  view: string
  options: RowsOptions<R>
  show: (rows: ReadonlyMap<string, R>, total: number) => void
  fail: (problem: HubProblem) => void
}

const keyed = <R extends Row>(rows: R[], key: string): Map<string, R> =>
  new Map(rows.map((row) => [String((row as Record<string, unknown>)[key]), row]))

/** Reads once, and again what was given while the database was away; returns the way to forget the answer. */
const readOnce = <R extends Row>(taking: Taking<R>, asked: object): (() => void) => {
  let wanted = true
  let forget = (): void => undefined
  const read = (): void => {
    taking.hub.view<R>(taking.view, asked).then(
      ({ rows, total, as_of }) => {
        if (!wanted) return
        taking.show(keyed(rows, taking.options.key ?? 'id'), total ?? rows.length)
        if (as_of) again()
      },
      (problem: HubProblem) => wanted && taking.fail(problem),
    )
  }
  const again = (): void => {
    forget()
    forget = taking.hub.asOf.subscribe((at) => {
      if (at !== null) return
      forget()
      if (wanted) read()
    })
  }
  read()
  return () => {
    wanted = false
    forget()
  }
}

/** Watches; falls back to reading where the hub does not tell changes of this view. */
const follow = <R extends Row>(taking: Taking<R>, asked: object): (() => void) => {
  let forget: () => void = () => undefined
  const told = (now: Watch<R>): void => {
    if (!now.problem) taking.show(now.rows, now.total)
    else if (NOT_LIVE.has(now.problem.code)) forget = readOnce(taking, asked)
    else if (!now.problem.passing) taking.fail(now.problem)
  }
  const live = taking.hub.watch<R>(taking.view, asked, told, taking.options)
  return () => {
    live.stop()
    forget()
  }
}

/**
 * The rows of a view, as they are now. `params` null: not asked. While new parameters are under
 * way the old rows stay, and `busy` says so.
 */
export const useRows = <R extends Row>(
  view: string,
  params: MaybeRefOrGetter<object | null>,
  options: RowsOptions<R> = {},
) => {
  const shown = shallowRef<Shown<R>>({
    rows: new Map(),
    total: 0,
    ready: false,
    busy: false,
    problem: null,
  })
  const taking: Taking<R> = {
    hub: useHub(),
    view,
    options,
    show: (rows, total) => (shown.value = { rows, total, ready: true, busy: false, problem: null }),
    fail: (problem) => (shown.value = { ...shown.value, busy: false, problem }),
  }
  let stop: () => void = () => undefined
  const refresh = (): void => {
    stop()
    const asked = toValue(params)
    if (!asked) return
    shown.value = { ...shown.value, busy: true }
    stop = options.still ? readOnce(taking, asked) : follow(taking, asked)
  }
  watch(() => JSON.stringify(toValue(params)), refresh, { immediate: true })
  onScopeDispose(() => stop())
  return {
    byKey: computed(() => shown.value.rows),
    rows: computed(() => [...shown.value.rows.values()]),
    total: computed(() => shown.value.total),
    ready: computed(() => shown.value.ready),
    busy: computed(() => shown.value.busy),
    problem: computed(() => shown.value.problem),
    refresh,
  }
}
