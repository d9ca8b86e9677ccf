import { useAction } from '../page/action'
import { useHub } from '../page/hub'
import type { ContactRow, ConversationKind, Opened } from '@hub/contract'
import { computed, ref } from 'vue'

export type Way = 'one' | 'many' | 'unit'

/** Which kind of group a unit has. */
export const kindOfUnit = (org: string): ConversationKind =>
  org.startsWith('district:') ? 'district' : 'committee'

/** Beginning a conversation: with one, a group of some, or everybody of a unit. */
export const useStart = (seat: string, opened: (conversation: string) => void) => {
  const hub = useHub()
  const way = ref<Way>('one')
  const name = ref('')
  const chosen = ref<ContactRow[]>([])
  const org = ref('')
  const stations = ref(true)
  const people = ref(false)

  const act = useAction(async (type: string, fields: object) => {
    const { conversation } = await hub.ask<Opened>(type, { seat, ...fields })
    opened(conversation)
  })
  const members = (): string[] => chosen.value.map((one) => one.id)
  const FIELDS: Record<Exclude<Way, 'one'>, () => object> = {
    many: () => ({ name: name.value.trim(), members: members() }),
    unit: () => ({
      name: name.value.trim(),
      kind: kindOfUnit(org.value),
      org: org.value,
      stations: stations.value,
      people: people.value,
    }),
  }
  return {
    way,
    name,
    chosen,
    org,
    stations,
    people,
    act,
    able: computed(
      () =>
        name.value.trim() !== '' &&
        (way.value === 'many'
          ? chosen.value.length > 0
          : org.value !== '' && (stations.value || people.value)),
    ),
    direct: (person: ContactRow) => act.go('OpenDirect', { other: person.id }),
    create: () => (way.value === 'one' ? undefined : act.go('CreateGroup', FIELDS[way.value]())),
  }
}
