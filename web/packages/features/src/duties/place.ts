/** Where the phone is, as the hub is told; null where it does not say. */
export interface Place {
  lon: number
  lat: number
  accuracy: number
}

const PATIENCE = 15_000
const KEY = 'hub.phone'

export const placeNow = (): Promise<Place | null> =>
  new Promise((told) => {
    if (!('geolocation' in navigator)) {
      told(null)
      return
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        told({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }),
      () => told(null),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 0 },
    )
  })

/** A random number that this phone keeps: two people with one phone are seen by it. */
export const phone = (): string => {
  const known = localStorage.getItem(KEY)
  if (known) return known
  const made = crypto.randomUUID()
  localStorage.setItem(KEY, made)
  return made
}
