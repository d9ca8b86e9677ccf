/** What a page remembers by itself; where the browser forbids it (private mode, full), until it is closed. */
export const kept = <T>(name: string, first: T, storage: Storage = localStorage) => {
  let memory: T = first
  let forbidden = false

  const read = (): T => {
    if (forbidden) return memory
    try {
      const text = storage.getItem(name)
      return text === null ? first : (JSON.parse(text) as T)
    } catch {
      return memory
    }
  }
  const write = (value: T): void => {
    memory = value
    try {
      storage.setItem(name, JSON.stringify(value))
    } catch {
      forbidden = true
    }
  }
  const clear = (): void => {
    memory = first
    storage.removeItem(name)
  }
  return { read, write, clear }
}

export type Kept<T> = ReturnType<typeof kept<T>>
