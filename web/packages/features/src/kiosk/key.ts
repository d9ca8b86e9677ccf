const KEY = 'hub.device'
const SOUND = 'hub.sound'
const SHAPE = /^[\w-]{8,200}$/

/** What the address may set once: `#key=dk_…`, `sound=off` where an agent has the loudspeaker. */
export const takeSettings = (place: Location, history: History, storage: Storage): void => {
  const given = new URLSearchParams(place.hash.slice(1))
  const [key, sound] = [given.get('key'), given.get('sound')]
  if (key && SHAPE.test(key)) storage.setItem(KEY, key)
  if (sound) storage.setItem(SOUND, sound)
  // A key in the address would be read from a photo of the screen.
  if (key || sound) history.replaceState(null, '', place.pathname + place.search)
}

export const keptKey = (storage: Storage): string => storage.getItem(KEY) ?? ''
export const isKey = (words: string): boolean => SHAPE.test(words.trim())
export const keepKey = (words: string, storage: Storage): void => storage.setItem(KEY, words.trim())
export const playsSound = (storage: Storage): boolean => storage.getItem(SOUND) !== 'off'
