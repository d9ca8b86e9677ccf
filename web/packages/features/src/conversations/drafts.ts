import { kept, type Kept } from '../notices/kept'

const MOST = 50

type Draft = [conversation: string, words: string]

/** What was begun and not sent, for each conversation: it is there after a reload. */
export const createDrafts = (storage: Storage = localStorage) => {
  let memory: Kept<Draft[]> | null = null
  const all = (): Draft[] => memory?.read() ?? []
  return {
    of: (conversation: string): string => all().find(([id]) => id === conversation)?.[1] ?? '',
    keep(conversation: string, words: string): void {
      const others = all().filter(([id]) => id !== conversation)
      const draft: Draft[] = words ? [[conversation, words]] : []
      memory?.write([...draft, ...others].slice(0, MOST))
    },
    openFor: (owner: string): void =>
      void (memory = kept<Draft[]>(`hub.letters.${owner}`, [], storage)),
    close: (): void => void (memory = null),
  }
}
