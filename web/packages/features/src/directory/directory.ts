import type { GroupRow, OrganisationRow, OutlineRow, StationRow, TagRow } from '@hub/contract'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { useRows } from '../page/rows'
import { VIEW } from '../page/views'
import { treeOf } from './tree'

/** What every page needs to know of the city, watched once. */
export const useDirectory = defineStore('directory', () => {
  const organisations = useRows<OrganisationRow>(VIEW.organisations, {})
  const stations = useRows<StationRow>(VIEW.stations, {})
  const groups = useRows<GroupRow>(VIEW.groups, {}, { still: true })
  const tags = useRows<TagRow>(VIEW.tags, {}, { still: true })
  const outlines = useRows<OutlineRow>(VIEW.outlines, {}, { still: true })

  const nameOf = (id: string): string => {
    const row = organisations.byKey.value.get(id)
    return row ? row.short_name || row.name : id
  }
  return {
    organisations,
    stations,
    groups,
    tags,
    outlines,
    nameOf,
    tree: computed(() => treeOf(organisations.rows.value)),
    online: computed(() => stations.rows.value.filter((row) => row.online).length),
  }
})

/** What is ticked on the duty page: it feeds every action. */
export const useSelection = defineStore('selection', () => {
  const orgs = ref<string[]>([])
  return { orgs, clear: () => (orgs.value = []) }
})
