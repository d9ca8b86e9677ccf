const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }

/** ↓ ↑ go from the field to the results and between them; `within` holds both, in their order. */
export const onArrow = (event: KeyboardEvent, within: HTMLElement | null): void => {
  const step = STEPS[event.key]
  if (!step || !within || event.isComposing) return
  const all = [...within.querySelectorAll<HTMLElement>('[data-stop]')]
  const at = all.indexOf(document.activeElement as HTMLElement)
  const next = all[at + step]
  if (at < 0 || !next) return
  event.preventDefault()
  next.focus()
}
