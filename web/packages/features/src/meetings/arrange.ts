import type { LayoutMode } from '@hub/contract'

/** One picture on the wall: somebody's camera, or his screen. */
export interface Tile {
  ref: string
  part: 'camera' | 'screen'
}

/** `large` fill the wall, `small` stand at its edge; without large ones the small share it equally. */
export interface Arrangement {
  large: Tile[]
  small: Tile[]
  pages: number
}

export interface Scene {
  mode: LayoutMode
  pinned: readonly string[]
  /** Who is in the same place, in the order in which they are shown. */
  here: readonly string[]
  /** Who speaks, or did last; "" nobody yet. */
  speaker: string
  /** Whose screen is shared here; "" nobody's. */
  presenter: string
  own: string
  /** Which page of the gallery, from 0. */
  page?: number
}

export const MOST_TILES = 16
export const EDGE = 5

const camera = (ref: string): Tile => ({ ref, part: 'camera' })
const unique = (refs: readonly string[]): string[] => [...new Set(refs.filter(Boolean))]

/** Somebody to look at: who speaks, else the first who is not oneself. */
const inFront = ({ speaker, here, own }: Scene): string => {
  if (speaker && speaker !== own && here.includes(speaker)) return speaker
  return here.find((ref) => ref !== own) ?? here[0] ?? ''
}

const edge = (scene: Scene, taken: readonly string[]): Tile[] => {
  const rest = scene.here.filter((ref) => !taken.includes(ref))
  const loud = rest.includes(scene.speaker) ? [scene.speaker] : []
  const pinned = scene.pinned.filter((ref) => rest.includes(ref))
  return unique([...loud, ...pinned, ...rest])
    .slice(0, EDGE)
    .map(camera)
}

const gallery = (scene: Scene): Arrangement => {
  const pages = Math.max(1, Math.ceil(scene.here.length / MOST_TILES))
  const from = Math.min(scene.page ?? 0, pages - 1) * MOST_TILES
  const shown = scene.here.slice(from, from + MOST_TILES)
  // Who speaks is seen on whichever page one looks at.
  const absent = scene.here.includes(scene.speaker) && !shown.includes(scene.speaker)
  const seen = absent ? [...shown.slice(0, MOST_TILES - 1), scene.speaker] : shown
  return { large: [], small: seen.map(camera), pages }
}

const speaker = (scene: Scene): Arrangement => {
  const ref = inFront(scene)
  return ref ? { large: [camera(ref)], small: edge(scene, [ref]), pages: 1 } : gallery(scene)
}

const pinned = (scene: Scene): Arrangement => {
  const wanted = unique(scene.pinned).slice(0, MOST_TILES)
  if (wanted.length === 0) return speaker(scene)
  const loud = scene.here.includes(scene.speaker) && !wanted.includes(scene.speaker)
  const small = loud && wanted.length < MOST_TILES ? [camera(scene.speaker)] : []
  return { large: wanted.map(camera), small, pages: 1 }
}

const screen = (scene: Scene): Arrangement =>
  scene.presenter
    ? { large: [{ ref: scene.presenter, part: 'screen' }], small: edge(scene, []), pages: 1 }
    : speaker(scene)

const ARRANGES: Record<LayoutMode, (scene: Scene) => Arrangement> = {
  speaker,
  gallery,
  pinned,
  screen,
}

export const arrange = (scene: Scene): Arrangement => ARRANGES[scene.mode](scene)

/** What the plane is asked to send: one's own picture never goes round. */
export const wantedOf = ({ large, small }: Arrangement, own: string) => {
  const ask = (tiles: Tile[]): string[] =>
    tiles
      .filter((tile) => tile.ref !== own)
      .map((tile) => (tile.part === 'screen' ? `${tile.ref}:screen` : tile.ref))
  const first = ask(large)
  // Where many share the wall none is large: small pictures of all rather than a stutter of each.
  return { wanted: [...first, ...ask(small)], large: first.length <= 4 ? first.length : 0 }
}

/** How many columns hold so many pictures of equal size. */
export const columnsOf = (count: number): number => Math.max(1, Math.ceil(Math.sqrt(count)))
