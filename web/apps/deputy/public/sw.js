/* The page opens without a line: what a deputy takes in a place without one must find its queue. */
const SHELF = 'deputy'
const HOME = '/deputy/'
const ASSET = /^\/deputy\/assets\//
const PATIENCE = 4000

const named = (page) =>
  [...page.matchAll(/(?:src|href)="(\/deputy\/assets\/[^"]+)"/g)].map(([, path]) => path)

/** The page and what it names; what an older page named goes. */
const stock = async (answer) => {
  const shelf = await caches.open(SHELF)
  const paths = named(await answer.clone().text())
  const known = await shelf.keys()
  const there = new Set(known.map((one) => new URL(one.url).pathname))
  await shelf.addAll(paths.filter((path) => !there.has(path)))
  await shelf.put(HOME, answer)
  const kept = new Set([HOME, ...paths])
  await Promise.all(
    known.filter((one) => !kept.has(new URL(one.url).pathname)).map((one) => shelf.delete(one)),
  )
}

const fresh = async (event) => {
  try {
    const answer = await fetch(HOME, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE) })
    if (!answer.ok) throw new Error(String(answer.status))
    event.waitUntil(stock(answer.clone()))
    return answer
  } catch (problem) {
    const kept = await caches.match(HOME)
    if (kept) return kept
    throw problem
  }
}

self.addEventListener('install', (event) => {
  self.skipWaiting()
  event.waitUntil(fetch(HOME, { cache: 'no-cache' }).then(stock))
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin) return
  if (event.request.mode === 'navigate') {
    if (pathname.startsWith(HOME)) event.respondWith(fresh(event))
  } else if (ASSET.test(pathname))
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)))
})
