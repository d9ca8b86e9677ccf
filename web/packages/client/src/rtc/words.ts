/** Shapes that pass between a page and the media plane. */

export type SessionState =
  /** asking for devices, or the first connection is under way */
  | 'connecting'
  | 'joined'
  /** the line broke; sound comes back by itself */
  | 'rejoining'
  /** no UDP and no TCP to the media port: sound comes over the hub's own socket, and nothing goes out */
  | 'listening'
  | 'refused'
  | 'left'

/** What a line of the connection is for. */
export type Part = 'mic' | 'camera' | 'screen' | 'hear' | 'watch'

export interface Line {
  mid: string
  kind: 'audio' | 'video'
  part: Part
  codec: string
}

export interface Joined {
  answer: string
  peer: string
  lines: Line[]
  floor?: FloorState | null
}

export interface MediaConfig {
  ice_servers: RTCIceServer[]
}

export interface SourceRow {
  source: string
  part: Part
  codec: string
}

/** Somebody connected, as the view `media_room` tells. `room` is the one he joined, `at_room` where he is now. */
export interface PeerRow {
  peer: string
  ref: string
  name: string
  room: string
  at_room: string
  up: boolean
  hear: boolean
  talk: boolean
  show: boolean
  /** 0 all pictures reach him; 1 no small ones; 2 the voice alone */
  thrift: number
  sources: SourceRow[]
}

export interface FloorWaiting {
  peer: string
  ref: string
  name: string
  rank: number
}

export interface FloorState {
  /** Rises with every change: what carries a lower one is old. */
  seq: number
  /** The `seq` with which the holder got the floor: he gives back that turn and no later one. */
  grant: number
  /** A peer; "": nobody speaks. */
  holder: string
  ref: string
  name: string
  rank: number
  since: string | null
  /** When the holder is told to end. */
  until: string | null
  revoking: boolean
  queue: FloorWaiting[]
}

/** What an incoming place shows just now; an empty source: nothing. */
export interface Tile {
  mid: string
  source: string
  ref: string
  name: string
  part: Part | ''
}

/** One incoming place of the connection. Whom it plays is the plane's choice, and changes. */
export interface Slot extends Tile {
  kind: 'audio' | 'video'
  track: MediaStreamTrack
}

/** How well one's own picture gets out; sound is never given up for it. */
export type Picture = 'full' | 'half' | 'small' | 'paused'

export interface JoinWish {
  /** `later`: a place for it, and no device until `useMic`. */
  mic?: boolean | 'later'
  camera?: boolean
  /** Makes room for a screen to be shared later, without asking for one now. */
  screen?: boolean
  /** Incoming places; default 3 voices, no picture. */
  slots?: { audio?: number; video?: number }
  /** Chosen devices; "" or absent: the system's own choice. */
  devices?: DeviceChoice
}

export interface DeviceChoice {
  mic?: string
  camera?: string
  speaker?: string
}
