import { HubProblem, type Uploading, type UploadPurpose } from '@hub/client'
import type { FileRow } from '@hub/contract'
import { computed, onScopeDispose, reactive, ref } from 'vue'
import { useHub } from '../page/hub'
import { faultOf, MOST_FILES, type FileFault } from './limits'

export type EnclosureState = 'going' | 'paused' | 'done' | 'failed'

/** A file on its way to the hub, before the message that carries it. */
export interface Enclosure {
  key: number
  name: string
  size: number
  /** 0 to 1. */
  part: number
  state: EnclosureState
  why: string
  file: FileRow | null
}

/** Why a file was not even begun. */
export interface Declined {
  name: string
  why: FileFault | 'many'
  purpose: UploadPurpose
}

let keys = 0

export const useEnclosures = () => {
  const hub = useHub()
  const all = ref<Enclosure[]>([])
  const declined = ref<Declined | null>(null)
  const under = new Map<number, Uploading>()

  const finish = (one: Enclosure, uploading: Uploading): Promise<void> =>
    uploading.done.then(
      (file) => void Object.assign(one, { file, part: 1, state: 'done' }),
      (why: unknown) => {
        if (!(why instanceof HubProblem)) throw why
        Object.assign(one, { state: 'failed', why: why.message })
      },
    )
  const begin = (file: File, purpose: UploadPurpose): Promise<void> => {
    const { name, size } = file
    const one = reactive<Enclosure>({
      key: (keys += 1),
      name,
      size,
      part: 0,
      state: 'going',
      why: '',
      file: null,
    })
    all.value = [...all.value, one]
    const uploading = hub.uploadInPieces(file, purpose, {
      progress: (part) => (one.part = part),
      paused: (paused) => (one.state = paused ? 'paused' : 'going'),
    })
    under.set(one.key, uploading)
    return finish(one, uploading)
  }
  const reasonOf = (file: File, purpose: UploadPurpose): Declined['why'] | null =>
    all.value.length >= MOST_FILES ? 'many' : faultOf(file, purpose)

  const remove = (key: number): void => {
    const one = all.value.find((each) => each.key === key)
    if (one && !one.file) under.get(key)?.cancel()
    under.delete(key)
    all.value = all.value.filter((each) => each.key !== key)
  }
  onScopeDispose(() => {
    for (const one of all.value) if (!one.file) under.get(one.key)?.cancel()
  })

  return {
    all,
    declined,
    add: async (files: Iterable<File>, purpose: UploadPurpose = 'message'): Promise<void> => {
      declined.value = null
      const begun: Promise<void>[] = []
      for (const file of files) {
        const why = reasonOf(file, purpose)
        if (why) declined.value = { name: file.name, why, purpose }
        else begun.push(begin(file, purpose))
      }
      await Promise.all(begun)
    },
    remove,
    /** They have left with a message. */
    clear(): void {
      under.clear()
      all.value = []
    },
    whole: computed(() => all.value.every((one) => one.state === 'done')),
    files: computed(() => all.value.flatMap((one) => (one.file ? [one.file] : []))),
  }
}

export type Enclosures = ReturnType<typeof useEnclosures>
