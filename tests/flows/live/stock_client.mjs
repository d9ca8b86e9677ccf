// The stock JavaScript client, cut off by the network while it watches: what it saw goes to standard output.
import { createRequire } from 'node:module'
import net from 'node:net'

const require = createRequire(process.argv[3])
const { io } = require('socket.io-client')

// A wire between the client and the hub that can be cut.
const hub = new URL(process.argv[2])
const wires = new Set()
let port = Number(hub.port)
const proxy = net.createServer((near) => {
  const far = net.connect(port, hub.hostname)
  wires.add(near).add(far)
  near.pipe(far).pipe(near)
  for (const end of [near, far]) end.on('error', () => end.destroy()).on('close', () => (near.destroy(), far.destroy()))
})
await new Promise((ready) => proxy.listen(0, '127.0.0.1', ready))

const socket = io(`http://127.0.0.1:${proxy.address().port}`, {
  transports: ['websocket'], reconnectionDelay: 50, reconnectionDelayMax: 100, auth: { who: 'stock' },
})
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`)
socket.on('connect', () => say({ connected: true, recovered: socket.recovered }))
socket.on('disconnect', () => say({ connected: false }))
socket.on('tell', (told) => say({ told }))
process.stdin.on('data', (words) => {
  const elsewhere = /to (\d+)/.exec(words.toString())
  if (elsewhere) port = Number(elsewhere[1])
  const asked = /ask (\w+)/.exec(words.toString())
  if (asked) socket.emit(asked[1], {}, () => say({ answered: true }))
  if (!words.includes('cut')) return
  for (const wire of wires) wire.destroy(); wires.clear()
})
process.stdin.on('end', () => process.exit(0))
