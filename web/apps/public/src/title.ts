import { watchEffect } from 'vue'

export const useTitle = (title: () => string): void => {
  watchEffect(() => {
    document.title = title()
  })
}
