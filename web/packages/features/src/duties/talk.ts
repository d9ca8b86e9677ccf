import type { TalkRow } from '@hub/contract'
import { useRows } from '@hub/features/page'
import { computed, onScopeDispose, type ComputedRef } from 'vue'

/** The hub makes groups and takes members in a moment after the act. */
const SOON = [800, 3000]

/** The group of an activity, for who is a member of it; `again` after an act that may have made one so. */
export const useTalkOf = (
  activity: () => string,
): { talk: ComputedRef<TalkRow | undefined>; again: () => void } => {
  const rows = useRows<TalkRow>('activity_talk', () => ({ activity: activity() }), { still: true })
  let waits: ReturnType<typeof setTimeout>[] = []
  onScopeDispose(() => waits.forEach(clearTimeout))
  return {
    talk: computed(() => rows.rows.value[0]),
    again: () => {
      waits.forEach(clearTimeout)
      waits = SOON.map((wait) => setTimeout(rows.refresh, wait))
    },
  }
}
