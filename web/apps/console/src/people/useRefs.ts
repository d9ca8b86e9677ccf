import type { PersonRow } from '@hub/contract'
import { useDirectory, useHub, VIEW } from '@hub/features'
import { computed, shallowRef } from 'vue'

export interface RefOption {
  ref: string
  name: string
  note: string
}

const FEW = 20

/** People and stations to choose from by typing; those already chosen keep their names. */
export const useRefs = (labels: () => Record<string, string>, stations = true) => {
  const hub = useHub()
  const directory = useDirectory()
  const found = shallowRef<RefOption[]>([])
  let asked = ''

  const stationsLike = (text: string): RefOption[] =>
    directory.stations.rows
      .filter((row) => row.name.includes(text))
      .slice(0, FEW)
      .map((row) => ({ ref: row.id, name: row.name, note: row.district_name }))

  const find = async (text: string): Promise<void> => {
    asked = text.trim()
    if (!asked) return void (found.value = [])
    const mine = asked
    const people = await hub
      .view<PersonRow>(VIEW.people, { text: mine, limit: FEW })
      .catch(() => ({ rows: [] }))
    if (mine !== asked) return
    const persons = people.rows.map((row) => ({
      ref: `person:${row.id}`,
      name: row.name,
      note: row.org_name,
    }))
    found.value = [...(stations ? stationsLike(mine) : []), ...persons]
  }
  const options = computed<RefOption[]>(() => {
    const seen = new Set(found.value.map((one) => one.ref))
    const kept = Object.entries(labels()).filter(([ref]) => !seen.has(ref))
    return [...found.value, ...kept.map(([ref, name]) => ({ ref, name, note: '' }))]
  })
  return { options, find }
}
