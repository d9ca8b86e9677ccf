import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** Only so that a test that hangs ends, on however slow a machine. */
const PATIENCE = 60_000

export default defineConfig({
  plugins: [vue()],
  test: {
    environment: 'happy-dom',
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts'],
    passWithNoTests: false,
    isolate: false, // a page's surroundings cost a second a file; what a test puts up it takes down
    unstubGlobals: true,
    testTimeout: PATIENCE,
    hookTimeout: PATIENCE,
    teardownTimeout: PATIENCE,
  },
})
