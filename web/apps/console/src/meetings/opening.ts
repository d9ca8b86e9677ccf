import { defineStore } from 'pinia'
import { ref } from 'vue'

/** The sheet on which a meeting is begun, or more stations are invited; it opens from any page. */
export const useOpening = defineStore('opening', () => {
  const open = ref(false)
  const orgs = ref<string[]>([])
  /** The meeting into which more are invited; "": a new one. */
  const into = ref('')
  const begin = (chosen: readonly string[] = [], meeting = ''): void => {
    orgs.value = [...chosen]
    into.value = meeting
    open.value = true
  }
  return { open, orgs, into, begin }
})
