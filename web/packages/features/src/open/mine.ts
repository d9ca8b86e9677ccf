import { uuid7 } from '@hub/client'
import type { Uuid } from '@hub/contract'
import { reactive, ref, watch } from 'vue'

const MOST = 50
const OWN = 'hub.open.mine'

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
export const own = ref<Uuid[]>(read<Uuid[]>(OWN, []))
export const remember = (id: Uuid): void => {
  own.value = [id, ...own.value.filter((one) => one !== id)].slice(0, MOST)
  write(OWN, own.value)
}

export interface Typed {
  id: Uuid
  title: string
  text: string
  name: string
}

/** What is being typed about one thing: kept as one types, with the id under which it will be sent, so that sending twice is sending once. */
export const useTyped = (about: string) => {
  const key = `hub.open.typed.${about}`
  const before = read<Typed | null>(key, null)
  const blank = (): Typed => ({ id: uuid7(), title: '', text: '', name: before?.name ?? '' })
  const typed = reactive<Typed>(before ?? blank())
  const stop = watch(typed, () => write(key, typed.text || typed.title ? typed : null))
  return {
    typed,
    restored: Boolean(before?.text || before?.title),
    sent: (): void => {
      stop()
      write(key, null)
      remember(typed.id)
    },
  }
}
