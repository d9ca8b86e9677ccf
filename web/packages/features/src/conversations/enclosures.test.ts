import { HubProblem, type Hub, type UploadHears } from '@hub/client'
import type { FileRow } from '@hub/contract'
import { createApp, type App } from 'vue'
import { afterEach, expect, it } from 'vitest'
import { provideHub } from '../page/hub'
import { useEnclosures } from './enclosures'

let app: App | undefined
afterEach(() => app?.unmount())

interface Begun extends UploadHears {
  finish: (file: FileRow) => void
  refuse: (why: HubProblem) => void
  cancelled: boolean
}

const enclosing = () => {
  const begun: Begun[] = []
  const uploadInPieces = (_file: File, _purpose: string, hears: UploadHears) => {
    const one = { ...hears, cancelled: false } as Begun
    const done = new Promise<FileRow>((finish, refuse) => Object.assign(one, { finish, refuse }))
    begun.push(one)
    return { done, cancel: () => (one.cancelled = true) }
  }
  let made: ReturnType<typeof useEnclosures> | undefined
  app = createApp({ setup: () => ((made = useEnclosures()), () => null) })
  provideHub(app, { uploadInPieces } as unknown as Hub)
  app.mount(document.createElement('div'))
  return { begun, enclosures: made as ReturnType<typeof useEnclosures> }
}
const file = (name: string): File => new File(['x'], name)
const settle = (): Promise<void> => new Promise((done) => setTimeout(done))

it('says how far a file has come, that it waits, and when it is there', async () => {
  const { begun, enclosures } = enclosing()
  void enclosures.add([file('a')])
  begun[0]?.progress?.(0.5)
  begun[0]?.paused?.(true)
  expect(enclosures.all.value[0]).toMatchObject({ part: 0.5, state: 'paused' })
  begun[0]?.paused?.(false)
  begun[0]?.finish({ id: 'f1' } as FileRow)
  await settle()
  expect([enclosures.whole.value, enclosures.files.value]).toEqual([true, [{ id: 'f1' }]])
})

it('keeps the hub’s sentence where it was refused, and stops what is taken away', async () => {
  const { begun, enclosures } = enclosing()
  void enclosures.add([file('a'), file('b')])
  begun[0]?.refuse(new HubProblem({ status: 413, detail: '太大' }))
  await settle()
  expect(enclosures.all.value[0]).toMatchObject({ state: 'failed', why: '太大' })
  enclosures.remove(enclosures.all.value[1]?.key ?? 0)
  expect([begun[1]?.cancelled, enclosures.all.value.length]).toEqual([true, 1])
})

it('declines the tenth file in words', async () => {
  const { enclosures } = enclosing()
  void enclosures.add(Array.from({ length: 10 }, (_, i) => file(String(i))))
  expect(enclosures.all.value.length).toBe(9)
  expect(enclosures.declined.value).toMatchObject({ name: '9', why: 'many' })
})
