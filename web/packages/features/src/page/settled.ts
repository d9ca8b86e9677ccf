import { onScopeDispose, ref, watch, type Ref } from 'vue'

const PAUSE = 250

/** What was typed, once the person pauses; an emptied field counts at once. */
export const useSettled = (typed: Ref<string>, pause = PAUSE): Readonly<Ref<string>> => {
  const settled = ref(typed.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(typed, (now) => {
    clearTimeout(timer)
    const settle = (): void => {
      settled.value = now
    }
    if (now === '') settle()
    else timer = setTimeout(settle, pause)
  })
  onScopeDispose(() => clearTimeout(timer))
  return settled
}
