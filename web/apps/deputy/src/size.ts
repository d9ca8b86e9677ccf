import { kept } from '@hub/features/notices'
import { ref, watch } from 'vue'

/** 大字版: text grows to twice its size, the page does not. */
export const SIZES = [1, 1.5, 2] as const
export type Size = (typeof SIZES)[number]

const memory = kept<Size>('hub.size', 1)
export const size = ref<Size>(memory.read())

watch(
  size,
  (now) => {
    memory.write(now)
    document.documentElement.style.setProperty('--scale', String(now))
  },
  { immediate: true },
)
