import type { ReceiptState } from '@hub/contract'
import { kept } from './kept'

const LAST = 400

/** What was told already: a page that is opened again does not tell it again, nor play it again. */
export const createTold = (storage: Storage = localStorage) => {
  const memory = kept<[string, ReceiptState[]][]>('hub.told', [], storage)
  const told = new Map(memory.read())

  const has = (delivery: string, state: ReceiptState): boolean =>
    told.get(delivery)?.includes(state) ?? false

  return {
    has,
    /** False when it is no news. */
    note(delivery: string, state: ReceiptState): boolean {
      if (has(delivery, state)) return false
      told.set(delivery, [...(told.get(delivery) ?? []), state])
      memory.write([...told].slice(-LAST))
      return true
    },
    clear(): void {
      told.clear()
      memory.clear()
    },
  }
}
