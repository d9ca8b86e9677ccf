import { nextTick, onMounted, onScopeDispose, ref, watch, type Ref } from 'vue'

const NEAR = 60
const FETCH = 240
/** Where a message that was looked for comes to stand, as a part of the height. */
const THIRD = 0.3

interface Reaches {
  top: () => void
  bottom: () => void
  /** The newest message that is whole on the screen. */
  seen: (number: number) => void
}

/** Messages alone: a day's line above them goes when older ones of that day come. */
const messagesIn = (box: HTMLElement): HTMLElement[] => [
  ...box.querySelectorAll<HTMLElement>('[data-number]'),
]

const lowest = (box: HTMLElement): number => {
  const edge = box.scrollTop + box.clientHeight + 8
  const seen = messagesIn(box)
    .reverse()
    .find((line) => line.offsetTop + line.offsetHeight <= edge)
  return Number(seen?.dataset.number ?? 0)
}

/** Keeps the reader's place while lines come above and below, and follows the end where he is there. */
export const useScroll = (
  box: Ref<HTMLElement | null>,
  lines: Ref<unknown>,
  end: Ref<boolean>,
  reaches: Reaches,
) => {
  const near = ref(true)
  let anchor: { key: string; top: number } | null = null

  const atBottom = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean =>
    scrollHeight - scrollTop - clientHeight < NEAR
  const look = (): void => {
    const element = box.value
    if (!element) return
    near.value = end.value && atBottom(element)
    if (element.scrollTop < FETCH) reaches.top()
    if (element.scrollHeight - element.scrollTop - element.clientHeight < FETCH) reaches.bottom()
    if (document.visibilityState === 'visible') reaches.seen(lowest(element))
  }
  const toBottom = async (): Promise<void> => {
    await nextTick()
    if (!box.value) return
    box.value.scrollTop = box.value.scrollHeight
    look()
  }
  const toLine = async (selector: string): Promise<HTMLElement | null> => {
    await nextTick()
    const line = box.value?.querySelector<HTMLElement>(selector) ?? null
    if (!box.value || !line) return null
    box.value.scrollTop = line.offsetTop - box.value.clientHeight * THIRD
    look()
    return line
  }
  const remember = (): void => {
    const element = box.value
    if (!element) return
    const first = messagesIn(element).find(
      (line) => line.offsetTop + line.offsetHeight > element.scrollTop,
    )
    anchor = first
      ? { key: first.dataset.line ?? '', top: first.offsetTop - element.scrollTop }
      : null
  }
  const restore = (): void => {
    const element = box.value
    if (!element) return
    const { key = '', top = 0 } = anchor ?? {}
    const line = messagesIn(element).find((one) => one.dataset.line === key)
    if (near.value) element.scrollTop = element.scrollHeight
    else if (line) element.scrollTop = line.offsetTop - top
    look()
  }
  watch(lines, remember, { flush: 'pre' })
  watch(lines, restore, { flush: 'post' })

  const turned = (): void => look()
  document.addEventListener('visibilitychange', turned)
  const shape =
    typeof ResizeObserver === 'undefined'
      ? null
      : new ResizeObserver(() => {
          if (near.value && box.value) box.value.scrollTop = box.value.scrollHeight
        })
  onMounted(() => box.value && shape?.observe(box.value))
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', turned)
    shape?.disconnect()
  })
  return { near, look, toBottom, toLine }
}
