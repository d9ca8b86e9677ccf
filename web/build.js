// Builds every app into apps/<name>/dist; `node build.js console` builds one.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const apps = new URL('apps/', import.meta.url)
const wanted = process.argv.slice(2)
const names = wanted.length ? wanted : readdirSync(apps)

await Promise.all(
  names.map((name) => build({ root: fileURLToPath(new URL(name, apps)), logLevel: 'warn' })),
)
