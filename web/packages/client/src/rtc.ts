import type { Hub } from './hub'
import { keptDevices } from './rtc/devices'
import { createSession, type Session } from './rtc/session'
import type { JoinWish } from './rtc/words'
import { uuid7 } from './uuid7'

export {
  createMeter,
  keepDevices,
  keptDevices,
  listDevices,
  onDevicesChange,
  playTone,
  type Device,
  type DeviceList,
  type Meter,
} from './rtc/devices'
export { openCamera, openMic } from './rtc/capture'
export { refOf } from './rtc/room'
export type { Outgoing } from './rtc/peer'
export type { Session } from './rtc/session'
export type {
  DeviceChoice,
  FloorState,
  FloorWaiting,
  JoinWish,
  Part,
  PeerRow,
  Picture,
  SessionState,
  Slot,
  SourceRow,
  Tile,
} from './rtc/words'

export interface Rtc {
  /** Tells this page from another of the same person: a person may be in a room twice. */
  readonly nonce: string
  /** Enters a room of the media plane, and stays in it over broken lines until `leave`. */
  join(room: string, wish?: JoinWish): Session
}

/**
 * One for each page. One connection for each room; the page always offers; every line stands from
 * the beginning, so that muting, sharing and tiles need no negotiation.
 */
export const createRtc = (hub: Hub): Rtc => {
  const nonce = uuid7().slice(-12)
  return {
    nonce,
    join: (room, wish = {}) =>
      createSession({ hub, room, nonce, wish: { devices: keptDevices(), ...wish } }),
  }
}
