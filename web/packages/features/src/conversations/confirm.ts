import { shallowRef } from 'vue'

export interface Question {
  text: string
  yes: string
  /** Words that are asked for beside the yes. */
  reason?: string
  answer: (words: string | null) => void
}

/** Asks once before what cannot be undone; null: better not. */
export const createConfirm = () => {
  const question = shallowRef<Question | null>(null)
  const ask = (text: string, yes: string, reason?: string): Promise<string | null> =>
    new Promise((resolve) => {
      question.value?.answer(null)
      question.value = {
        text,
        yes,
        ...(reason === undefined ? {} : { reason }),
        answer: (words) => {
          question.value = null
          resolve(words)
        },
      }
    })
  return { question, ask }
}
