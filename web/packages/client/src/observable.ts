export interface Observable<T> {
  readonly value: T
  /** Calls at once with the present value, then at every change; returns the way to stop. */
  subscribe(listener: (value: T) => void): () => void
}

export interface Settable<T> extends Observable<T> {
  set(value: T): void
}

export const observable = <T>(first: T): Settable<T> => {
  const listeners = new Set<(value: T) => void>()
  let current = first
  return {
    get value() {
      return current
    },
    set(value) {
      if (Object.is(value, current)) return
      current = value
      for (const listener of [...listeners]) listener(value)
    },
    subscribe(listener) {
      listeners.add(listener)
      listener(current)
      return () => listeners.delete(listener)
    },
  }
}
