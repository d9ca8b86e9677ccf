import type { BroadcastRow, CountRow, CurvePoint } from '@hub/contract'
import { computed, onScopeDispose, watch, type Ref } from 'vue'
import { useRows } from '../page/rows'
import { VIEW } from '../page/views'
import { figuresOf, placesOf } from './progress'
import { CHANNELS, isOver } from './words'

const CURVE_EVERY = 2000

/** Everything the progress board shows of one broadcast, as it happens. */
export const useBoard = (broadcast: Ref<string>) => {
  const of = () => ({ broadcast: broadcast.value })
  // The room tells of every broadcast, not of this one alone.
  const cards = useRows<BroadcastRow>(VIEW.broadcast, of, {
    keep: (row) => row.id === broadcast.value,
  })
  const counts = useRows<CountRow>(VIEW.board, of)
  const curve = useRows<CurvePoint>(VIEW.curve, of, { still: true, key: 'second' })
  const card = computed(() => cards.byKey.value.get(broadcast.value) ?? null)
  const byKind = (kind: string): CountRow[] => counts.rows.value.filter((row) => row.kind === kind)

  let moved = false
  watch(card, () => (moved = true))
  const timer = setInterval(() => {
    if (!moved) return
    moved = false
    curve.refresh()
  }, CURVE_EVERY)
  onScopeDispose(() => clearInterval(timer))

  return {
    card,
    problem: cards.problem,
    ready: cards.ready,
    countsReady: counts.ready,
    curve: curve.rows,
    figures: computed(() => figuresOf(card.value?.expected ?? 0, card.value?.outcomes ?? {})),
    roads: computed(() =>
      CHANNELS.flatMap((channel) => byKind('road').filter((row) => row.key === channel)),
    ),
    places: computed(() => placesOf(counts.rows.value)),
    replies: computed(() => byKind('reply')),
    over: computed(() => (card.value ? isOver(card.value.state) : false)),
  }
}
