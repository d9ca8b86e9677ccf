import type { Link } from './link'

const EVERY = 250
const AT_MOST = 64

/**
 * Says from time to time how far this page has heard: one offset speaks for all before it. Call
 * `heard` when what was told is on the page.
 */
export const createAcks = (link: Link) => {
  let last = ''
  let owed = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const say = (): void => {
    clearTimeout(timer)
    timer = undefined
    owed = 0
    // What is not said on a broken line is said with the next offset.
    if (link.socket.connected) link.socket.emit('ack', last)
  }

  return {
    heard(offset: unknown): void {
      if (typeof offset !== 'string') return
      last = offset
      owed += 1
      if (owed >= AT_MOST) say()
      else timer ??= setTimeout(say, EVERY)
    },
  }
}
