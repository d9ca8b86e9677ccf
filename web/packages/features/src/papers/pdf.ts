/// <reference types="vite/client" />
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'
import type { PDFDocumentProxy } from 'pdfjs-dist'

/** A paper that can be drawn a page at a time. */
export interface Paper {
  pages: number
  /** A fresh canvas holding the page (from 1), `width` CSS pixels wide. */
  draw(page: number, width: number): Promise<HTMLCanvasElement>
  close(): void
}

/** Locked: it opens with a password alone. */
export class PaperProblem extends Error {
  constructor(readonly code: 'locked' | 'broken') {
    super(code)
  }
}

/** Beyond this many pixels some phones show an empty canvas. */
const LARGEST = 12_000_000

const sharpness = (width: number, height: number): number =>
  Math.min(window.devicePixelRatio || 1, Math.sqrt(LARGEST / (width * height)))

const paperOf = (file: PDFDocumentProxy): Paper => ({
  pages: file.numPages,
  async draw(number, width) {
    const page = await file.getPage(number)
    const scale = width / page.getViewport({ scale: 1 }).width
    const flat = page.getViewport({ scale })
    const fine = sharpness(flat.width, flat.height)
    const viewport = page.getViewport({ scale: scale * fine })
    const canvas = document.createElement('canvas')
    canvas.width = Math.floor(viewport.width)
    canvas.height = Math.floor(viewport.height)
    canvas.style.width = `${flat.width}px`
    await page.render({ canvas, viewport }).promise
    return canvas
  },
  close: () => void file.destroy(),
})

/** Reads a PDF here in the browser; what the reader needs comes from this hub alone. */
export const openPdf = async (bytes: ArrayBuffer): Promise<Paper> => {
  // The build for older browsers: that of a kiosk or of a phone's chat is rarely the newest.
  const pdf = await import('pdfjs-dist/legacy/build/pdf.mjs')
  pdf.GlobalWorkerOptions.workerSrc = worker
  const shelf = `${import.meta.env.BASE_URL}assets/pdf-${pdf.version}/`
  try {
    const file = await pdf.getDocument({
      data: bytes,
      // Chinese papers often leave their fonts out.
      cMapUrl: `${shelf}cmaps/`,
      standardFontDataUrl: `${shelf}standard_fonts/`,
      wasmUrl: `${shelf}wasm/`,
      // The pages' security policy lets nothing be compiled.
      useWasm: false,
      isEvalSupported: false,
    }).promise
    return paperOf(file)
  } catch (why) {
    throw new PaperProblem((why as Error).name === 'PasswordException' ? 'locked' : 'broken')
  }
}
