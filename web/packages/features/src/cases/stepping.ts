import { useAction } from '../page/action'
import { useHub } from '../page/hub'
import { computed, reactive, ref, watch, type InjectionKey } from 'vue'
import { askedOf, SEEN } from './asked'
import { useCases } from './desk'
import { faultsOf, placeOf, sentOf, taken, type Faults, type Values } from './form'
import { begin, createShelf } from './kept'
import { fieldsOf } from './schema'
import type { StepRow, LifeRow } from './shapes'

/** What the fields of one form share. */
export interface FormScene {
  life: LifeRow | undefined
  /** Numbers and tables of the stream, for fields that pick from them. */
  rules: Record<string, unknown>
  names: Record<string, string>
  faults: () => Faults
  /** The hub's own sentence, and the field it belongs to. */
  complaint: () => { place: string; text: string } | null
  /** Files are still under way to the hub. */
  busy: (path: string, under: boolean) => void
}
export const FORM: InjectionKey<FormScene> = Symbol('form of a case')

interface Stepping {
  step: StepRow
  stream: string
  /** Empty: the step opens a case. */
  of: string
  names: Record<string, string>
  rules: Record<string, unknown>
  facts: Values
}

const seenOf = (facts: Values): Values =>
  Object.fromEntries(Object.entries(SEEN).map(([field, fact]) => [field, facts[fact]]))

/** One step that is being filled in: kept as one types, sent once, its refusal beside the field it is about. */
export const useStepping = ({ step, stream, of, names, rules, facts }: Stepping) => {
  const hub = useHub()
  const cases = useCases()
  const life = cases.lifeOf(stream)
  const fields = fieldsOf(step.form)
  const shelf = createShelf(cases.owner())
  const key = `${of || stream}/${step.command}`
  const begun = shelf.find(key) ?? begin(of)
  const values = reactive(taken(fields, { ...step.fills, ...begun.values, ...seenOf(facts) }))
  const called = reactive<Record<string, string>>({ ...names, ...begun.names })
  const tried = ref(false)
  const under = reactive(new Set<string>())
  const restored = Object.keys(begun.values).length > 0

  const units = Object.keys(names).filter((ref) => ref.startsWith('department:')).length
  const staff = !hub.person.value?.roles.includes('deputy')
  const asked = computed(() => askedOf(fields, values, { staff, units }))
  const sent = computed(() =>
    fields.filter((field) => asked.value.includes(field) || field.name in SEEN),
  )
  const faults = computed(() => (tried.value ? faultsOf(asked.value, values) : {}))
  const send = useAction(() =>
    hub.ask(step.command, { id: begun.id, case: begun.case, form: sentOf(sent.value, values) }),
  )
  const complaint = computed(() => {
    const problem = send.problem.value
    return problem ? { place: placeOf(problem.field, asked.value), text: problem.message } : null
  })
  let keeping = true
  const keep = (): void => {
    if (keeping)
      shelf.keep(key, { ...begun, values: { ...values }, names: { ...called }, at: Date.now() })
  }
  watch([values, called], keep, { deep: true })

  /** The case, once the hub has taken it; nothing while something is lacking or was refused. */
  const go = async (): Promise<string | undefined> => {
    tried.value = true
    if (under.size || Object.keys(faultsOf(asked.value, values)).length) return undefined
    const answer = await send.go()
    if (send.problem.value || (answer === undefined && send.pending.value)) return undefined
    keeping = false
    shelf.drop(key)
    return begun.case
  }
  const scene: FormScene = {
    life,
    rules,
    names: called,
    faults: () => faults.value,
    complaint: () => complaint.value,
    busy: (path, on) => void (on ? under.add(path) : under.delete(path)),
  }
  return {
    fields: asked,
    values,
    scene,
    faults,
    complaint,
    restored,
    waiting: computed(() => under.size > 0),
    pending: send.pending,
    case: begun.case,
    go,
    forget: (): void => {
      keeping = false
      shelf.drop(key)
    },
  }
}
