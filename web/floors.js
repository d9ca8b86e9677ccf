// The web house has floors, like the Python one: apps -> features -> ui | client -> contract.
const KITS = ['element-plus', 'element-plus/*', 'vant', 'vant/*']
const APPS = ['@hub/console', '@hub/station', '@hub/deputy', '@hub/public']
const DOOR = {
  group: ['../../*', '@hub/*/src/*'],
  message: 'Enter a room by its door: import @hub/<package>.',
}

const floor = (folder, forbidden, message) => ({
  files: [`${folder}/**/*.{ts,vue,js}`],
  ignores: [`${folder}/vite.config.ts`],
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group: forbidden, message }, DOOR] }],
  },
})

const app = (name, otherKit) =>
  floor(
    `apps/${name}`,
    [...APPS, 'socket.io-client', otherKit, `${otherKit}/*`],
    'an app composes features in its own kit; it imports no other app.',
  )

export default [
  floor(
    'packages/contract',
    ['@hub/*', 'vue', 'vue-router', 'pinia', 'socket.io-client'],
    'contract is generated data, nothing else.',
  ),
  floor(
    'packages/client',
    ['@hub/*', '!@hub/contract', 'vue', 'vue-router', 'pinia', ...KITS],
    'client is framework-free.',
  ),
  floor(
    'packages/ui',
    ['@hub/*', 'socket.io-client', 'pinia', 'vue-router', ...KITS],
    'ui shows what it is given.',
  ),
  floor(
    'packages/features',
    [...APPS, 'socket.io-client', ...KITS],
    'features speak client and ui only.',
  ),
  app('console', 'vant'),
  app('station', 'element-plus'),
  app('deputy', 'element-plus'),
  app('public', 'element-plus'),
]
