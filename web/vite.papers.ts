import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

const FOLDERS = ['cmaps', 'standard_fonts', 'wasm']
/** Nothing compiled is run; see `useWasm` in packages/features/src/papers/pdf.ts. */
const SHIPPED = (name: string): boolean => !name.endsWith('.wasm')

/** Puts what pdf.js fetches by name, character maps and fonts, beside an app: no other host is asked. */
export const papers = (): Plugin => ({
  name: 'hub-papers',
  apply: 'build',
  generateBundle() {
    const require = createRequire(new URL('packages/features/package.json', import.meta.url))
    const manifest = require.resolve('pdfjs-dist/package.json')
    const { version } = require(manifest) as { version: string }
    for (const folder of FOLDERS)
      for (const name of readdirSync(join(dirname(manifest), folder)).filter(SHIPPED))
        this.emitFile({
          type: 'asset',
          // The version stands in the address, because these are kept by browsers for ever.
          fileName: `assets/pdf-${version}/${folder}/${name}`,
          source: readFileSync(join(dirname(manifest), folder, name)),
        })
  },
})
