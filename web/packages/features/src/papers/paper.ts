import type { FileRow } from '@hub/contract'
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { useHub } from '../page/hub'
import { openPdf, PaperProblem, type Paper } from './pdf'

/** Away: it could not be fetched. Locked, broken: it was, and cannot be shown. */
export type PaperState = 'loading' | 'ready' | 'away' | 'locked' | 'broken'

/** One after the other, as wide as the screen times this. */
const ZOOMS = [1, 1.5, 2, 3] as const

type Opens = (bytes: ArrayBuffer) => Promise<Paper>

/** The pages of a paper, one shown at a time, `width` CSS pixels wide before it is enlarged. */
export const usePaper = (file: () => FileRow, width: Ref<number>, opens: Opens = openPdf) => {
  const hub = useHub()
  const paper = shallowRef<Paper | null>(null)
  const state = ref<PaperState>('loading')
  const page = ref(1)
  const zoom = ref(0)
  const sheet = shallowRef<HTMLCanvasElement | null>(null)
  let opening = 0
  let drawing = 0

  const shut = (): void => {
    paper.value?.close()
    paper.value = null
  }
  const fetched = async (): Promise<ArrayBuffer | null> => {
    try {
      return await (await hub.file(file().url)).arrayBuffer()
    } catch {
      return null
    }
  }
  const read = async (bytes: ArrayBuffer): Promise<Paper | PaperProblem> => {
    try {
      return await opens(bytes)
    } catch (why) {
      return why instanceof PaperProblem ? why : new PaperProblem('broken')
    }
  }
  const load = async (): Promise<void> => {
    const mine = ++opening
    shut()
    state.value = 'loading'
    sheet.value = null
    page.value = 1
    const bytes = await fetched()
    const found = bytes && (await read(bytes))
    if (mine !== opening) return void (found && 'close' in found && found.close())
    if (!found) state.value = 'away'
    else if (found instanceof PaperProblem) state.value = found.code
    else paper.value = found
  }
  const draw = async (): Promise<void> => {
    const mine = ++drawing
    const open = paper.value
    if (!open || width.value <= 0) return
    try {
      const drawn = await open.draw(page.value, width.value * (ZOOMS[zoom.value] ?? 1))
      if (mine !== drawing) return
      sheet.value = drawn
      state.value = 'ready'
    } catch {
      if (mine === drawing) state.value = 'broken'
    }
  }
  watch(() => file().url, load, { immediate: true })
  watch([paper, page, zoom, width], draw)
  onScopeDispose(() => {
    opening += 1
    drawing += 1
    shut()
  })

  const pages = computed(() => paper.value?.pages ?? 0)
  const within = (number: number, least: number, most: number): number =>
    Math.min(most, Math.max(least, number))
  return {
    state,
    page,
    pages,
    sheet,
    zoom,
    largest: computed(() => zoom.value === ZOOMS.length - 1),
    load,
    turn: (by: number) => (page.value = within(page.value + by, 1, Math.max(1, pages.value))),
    enlarge: (by: number) => (zoom.value = within(zoom.value + by, 0, ZOOMS.length - 1)),
  }
}
