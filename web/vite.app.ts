import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

const KITS = { 'element-plus': ElementPlusResolver, vant: VantResolver }

// Vant's icons stand in its style; the copy that it names on a stranger's server would only be refused, and told to everybody's console.
const ownFonts: Plugin = {
  name: 'own-fonts',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('.css')
      ? code.replace(/,\s*url\(["']?\/\/[^)]*\)\s*format\([^)]*\)/g, '')
      : undefined,
}

// A kit's component is imported, with its style, where a template names it; nothing else of the kit is shipped.
export const app = (base: string, kit: keyof typeof KITS, ...more: Plugin[]): UserConfig =>
  defineConfig({
    base,
    plugins: [
      ownFonts,
      vue(),
      components({ dirs: [], dts: false, resolvers: [KITS[kit]()] }),
      ...more,
    ],
    define: { __INTLIFY_PROD_DEVTOOLS__: false, __VUE_OPTIONS_API__: true },
    build: {
      target: 'es2022',
      sourcemap: false,
      emptyOutDir: true,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1200,
    },
  })
