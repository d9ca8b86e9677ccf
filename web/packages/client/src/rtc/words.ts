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

export type Role = 'mic' | 'camera' | 'screen' | 'hear' | 'watch'

export interface Line {
  mid: string
  kind: 'audio' | 'video'
  sends: boolean
  hears: boolean
  codec: string
  role: string
}

export interface Joined {
  answer: string
  peer: string
  lines: Line[]
}

export interface MediaConfig {
  ice_servers: RTCIceServer[]
}

/** Who is in the room, as the view `media_room` tells. */
export interface PeerRow {
  ref: string
  name: string
  up: boolean
  hear: boolean
  talk: boolean
  show: boolean
  sources: string[]
}

export interface FloorState {
  seq: number
  holder: string
  name: string
  since: number | string | null
  until: number | string | null
  queue: string[]
}

/** One incoming place of the connection. Which source it plays is the plane's choice, and changes. */
export interface Slot {
  mid: string
  kind: 'audio' | 'video'
  track: MediaStreamTrack
  /** `<peer>/<mid>` of who is shown here; "" nobody */
  source: string
}

/** How well one's own picture gets out; sound is never given up for it. */
export type Picture = 'full' | 'half' | 'small' | 'paused'

export interface JoinWish {
  mic?: boolean
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
