import type { Hub } from '@hub/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createApp, type App } from 'vue'
import { createInbox, provideInbox } from '../notices/inbox'
import { createMemoryHub, noticeOf } from '../notices/samples'
import { provideHub } from '../page/hub'
import { useKiosk } from './kiosk'

const MINUTE = 60_000
let app: App | undefined
beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
})
afterEach(() => {
  app?.unmount()
  vi.useRealTimers()
})

const answered = () => {
  const memory = createMemoryHub()
  let kiosk: ReturnType<typeof useKiosk> | undefined
  app = createApp({
    setup: () => {
      kiosk = useKiosk()
      return () => null
    },
  })
  provideHub(app, memory.hub as unknown as Hub)
  provideInbox(app, createInbox(memory.hub))
  app.mount(document.createElement('div'))
  memory.show(noticeOf({ id: 'd1', outcome: 'confirmed', reply: 'received' }))
  return kiosk as ReturnType<typeof useKiosk>
}

it('goes back to rest when nobody has touched a notice that was looked up', () => {
  const kiosk = answered()

  kiosk.look('d1')
  expect(kiosk.current.value?.row.id).toBe('d1')
  vi.advanceTimersByTime(2 * MINUTE)

  expect(kiosk.current.value).toBeNull()
})

it('stays for who still reads: every touch begins the time anew', () => {
  const kiosk = answered()

  kiosk.look('d1')
  vi.advanceTimersByTime(1.5 * MINUTE)
  window.dispatchEvent(new Event('pointerdown'))
  vi.advanceTimersByTime(1.5 * MINUTE)

  expect(kiosk.current.value?.row.id).toBe('d1')
})
