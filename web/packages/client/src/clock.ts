/**
 * How far the server's clock is from ours, milliseconds. The `Date` header has whole seconds, so
 * its middle is meant; the answer with the shortest way counts most.
 */
export const createClock = () => {
  let offset = 0
  let shortest = Infinity
  return {
    hear(server: number, left: number, came: number): void {
      const way = came - left
      if (way > shortest + 50) return
      shortest = Math.min(shortest, way)
      offset = server + 500 - (left + way / 2)
    },
    get offset(): number {
      return Math.abs(offset) < 1000 ? 0 : Math.round(offset)
    },
    now(): number {
      return Date.now() + this.offset
    },
  }
}

export type HubClock = ReturnType<typeof createClock>
