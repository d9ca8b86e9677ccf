import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import { useSettled } from './settled'

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

const typing = (first = '') => {
  const typed = ref(first)
  const settled = scope.run(() => useSettled(typed, 250)) as Readonly<typeof typed>
  const type = async (text: string): Promise<void> => {
    typed.value = text
    await nextTick()
  }
  return { settled, type }
}

it('takes what was typed once there is a pause, and nothing in between', async () => {
  const { settled, type } = typing()

  await type('张')
  vi.advanceTimersByTime(249)
  await type('张三')
  vi.advanceTimersByTime(249)
  expect(settled.value).toBe('')
  vi.advanceTimersByTime(1)

  expect(settled.value).toBe('张三')
})

it('takes an emptied field at once, and forgets what was about to be asked', async () => {
  const { settled, type } = typing('张')

  await type('张三')
  await type('')
  expect(settled.value).toBe('')
  vi.advanceTimersByTime(1000)

  expect(settled.value).toBe('')
})
