import type { FileRow } from '@hub/contract'
import { onScopeDispose, ref, watch } from 'vue'
import { useHub } from '../page/hub'

/** A browser's own tags send a cookie, but no device key: with one, the client fetches the bytes. */
interface Fetches {
  file?: (url: string) => Promise<Blob>
}

/** Where a tag finds the file; null until it is there. `broken`: it could not be fetched. */
export const useFile = (file: () => FileRow) => {
  const hub = useHub() as Fetches
  const url = ref<string | null>(null)
  const broken = ref(false)
  let made = ''

  const drop = (): void => {
    if (made) URL.revokeObjectURL(made)
    made = ''
    url.value = null
  }
  const load = async (): Promise<void> => {
    drop()
    broken.value = false
    const wanted = file().url
    try {
      const found = hub.file ? URL.createObjectURL(await hub.file(wanted)) : wanted
      if (found !== wanted) made = found
      if (wanted === file().url) url.value = found
    } catch {
      broken.value = true
    }
  }
  watch(() => file().url, load, { immediate: true })
  onScopeDispose(drop)
  return { url, broken, load }
}
