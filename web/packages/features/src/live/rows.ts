import type { AgendaItem, LiveRow, RecordingRow, SpeechRow } from '@hub/contract'
import type { Tone } from '@hub/ui'

const TONES: Record<string, Tone> = {
  planned: 'wait',
  live: 'good',
  ended: 'idle',
  cancelled: 'idle',
  recording: 'busy',
  closing: 'busy',
  kept: 'good',
  empty: 'bad',
  dropped: 'idle',
  waiting: 'wait',
  cutting: 'busy',
  filed: 'good',
  failed: 'bad',
}

export const toneOf = (
  state: LiveRow['state'] | RecordingRow['state'] | SpeechRow['state'],
): Tone => TONES[state] ?? 'idle'

export const ownRoomOf = (live: { id: string }): string => `live:${live.id}`

/** Where viewers open it. */
export const watchAddress = (live: string): string => `${location.origin}/live/${live}`
export const whepAddress = (room: string): string => `${location.origin}/whep/${room}`
export const whipAddress = (room: string): string => `${location.origin}/whip/${room}`

export const agendaText = (items: readonly AgendaItem[]): string =>
  items.map((item) => item.title).join('\n')

/** One item a line; those that stood before keep their key, so that what was filed under them stays there. */
export const agendaItems = (text: string, before: readonly AgendaItem[]): AgendaItem[] => {
  const titles = text
    .split('\n')
    .map((line) => line.trim().slice(0, 60))
    .filter(Boolean)
  const kept = titles.map((title) => before.find((item) => item.title === title)?.key ?? '')
  const taken = new Set(kept.filter(Boolean))
  let next = 1
  const fresh = (place: number): string => {
    const old = before[place]?.key
    if (before.length === titles.length && old && !taken.has(old)) {
      taken.add(old)
      return old
    }
    while (taken.has(String(next)) || before.some((item) => item.key === String(next))) next += 1
    taken.add(String(next))
    return String(next)
  }
  const seen = new Set<string>()
  return titles.map((title, place) => {
    const known = kept[place]
    const key = known && !seen.has(known) ? known : fresh(place)
    seen.add(key)
    return { key, title }
  })
}
