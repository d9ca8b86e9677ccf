import type { Hub } from '@hub/client'
import type { FileRow } from '@hub/contract'
import { afterEach, expect, it } from 'vitest'
import { createApp, nextTick, ref, type App } from 'vue'
import { provideHub } from '../page/hub'
import { usePaper } from './paper'
import { PaperProblem, type Paper } from './pdf'

const FILE = {
  id: 'f1',
  name: '方案.pdf',
  mime: 'application/pdf',
  url: '/api/files/f1',
} as FileRow
let app: App | undefined
afterEach(() => app?.unmount())

interface Drawing {
  page: number
  width: number
  finish(): Promise<void>
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn += 1) await nextTick()
}

/** A paper of three pages; each drawing ends when the test says so. */
const threePages = () => {
  const drawings: Drawing[] = []
  const closed = ref(false)
  const paper: Paper = {
    pages: 3,
    draw: (page, width) =>
      new Promise((resolve) => {
        const finish = (): Promise<void> => {
          const canvas = document.createElement('canvas')
          canvas.dataset.page = String(page)
          resolve(canvas)
          return settle()
        }
        drawings.push({ page, width, finish })
      }),
    close: () => (closed.value = true),
  }
  return { paper, drawings, closed }
}

const reading = async (
  opens: () => Promise<Paper>,
  fetch: () => Promise<Blob> = async () => new Blob(['%PDF-1.7']),
) => {
  const width = ref(800)
  let shown: ReturnType<typeof usePaper> | undefined
  app = createApp({
    setup: () => {
      shown = usePaper(() => FILE, width, opens)
      return () => null
    },
  })
  provideHub(app, { file: fetch } as unknown as Hub)
  app.mount(document.createElement('div'))
  await settle()
  return { width, ...(shown as ReturnType<typeof usePaper>) }
}

it('turns its pages, and stops at the first and at the last', async () => {
  const { paper, drawings } = threePages()
  const { page, pages, state, turn } = await reading(async () => paper)
  await drawings[0]?.finish()
  expect([state.value, page.value, pages.value]).toEqual(['ready', 1, 3])

  turn(-1)
  expect(page.value).toBe(1)
  for (let press = 0; press < 5; press += 1) turn(1)

  expect(page.value).toBe(3)
})

it('shows the page asked for last, though an earlier one is drawn after it', async () => {
  const { paper, drawings } = threePages()
  const { sheet, turn } = await reading(async () => paper)
  await drawings[0]?.finish()
  turn(1)
  await settle()
  turn(1)
  await settle()

  await drawings[2]?.finish()
  await drawings[1]?.finish()

  expect(sheet.value?.dataset.page).toBe('3')
})

it('is drawn anew where the screen is turned or the page enlarged', async () => {
  const { paper, drawings } = threePages()
  const { width, enlarge } = await reading(async () => paper)

  width.value = 400
  await settle()
  enlarge(1)
  await settle()

  expect(drawings.map((drawing) => drawing.width)).toEqual([800, 400, 600])
})

it('says why it shows nothing: not fetched, locked, broken', async () => {
  const never = async (): Promise<Paper> => threePages().paper
  const away = await reading(never, () => Promise.reject(new Error('offline')))
  expect(away.state.value).toBe('away')
  const locked = await reading(() => Promise.reject(new PaperProblem('locked')))
  expect(locked.state.value).toBe('locked')
  const broken = await reading(() => Promise.reject(new TypeError('not a PDF')))
  expect(broken.state.value).toBe('broken')
})

it('is closed with its place', async () => {
  const { paper, closed } = threePages()
  await reading(async () => paper)

  app?.unmount()
  app = undefined

  expect(closed.value).toBe(true)
})
