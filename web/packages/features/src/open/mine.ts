import { uuid7 } from '@hub/client'
import type { Uuid } from '@hub/contract'
import { reactive, ref, watch, type Ref } from 'vue'

const MOST = 50

const read = <T>(key: string, nothing: T): T => {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as T | null) ?? nothing
  } catch {
    return nothing
  }
}
const write = (key: string, value: unknown): void => {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // A browser that keeps nothing: what is typed lives as long as the page.
  }
}

/** Numbers of what was said from this device; who knows one may ask what became of it. */
const keptIn = (key: string): { ids: Ref<Uuid[]>; remember: (id: Uuid) => void } => {
  const ids = ref<Uuid[]>(read<Uuid[]>(key, []))
  return {
    ids,
    remember: (id) => {
      ids.value = [id, ...ids.value.filter((one) => one !== id)].slice(0, MOST)
      write(key, ids.value)
    },
  }
}
export const { ids: own, remember } = keptIn('hub.open.mine')
export const { ids: ownOpinions, remember: rememberOpinion } = keptIn('hub.open.opinions')

export interface Typed {
  id: Uuid
  title: string
  text: string
  name: string
}

/** What is being typed about one thing: kept as one types, with the id under which it will be sent, so that sending twice is sending once.
 * `more`: what is asked for beside it. */
export const useTyped = <More extends object = object>(
  about: string,
  keep: (id: Uuid) => void = remember,
  more: More = {} as More,
) => {
  const key = `hub.open.typed.${about}`
  const before = read<(Typed & More) | null>(key, null)
  const blank = (): Typed & More => ({ ...more, id: uuid7(), title: '', text: '', name: '' })
  const typed = reactive({ ...blank(), ...before }) as Typed & More
  const stop = watch(typed, () => write(key, typed.text || typed.title ? typed : null))
  return {
    typed,
    restored: Boolean(before?.text || before?.title),
    sent: (): void => {
      stop()
      write(key, null)
      keep(typed.id)
    },
  }
}
