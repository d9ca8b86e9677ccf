import type { Same } from '../page/language'
import type zh from './zh-CN'

export default {
  title: 'One map',
  map: 'Map',
  tiles: 'Tiles',
  online: 'Online',
  offline: 'Offline',
  heard: 'Ring: part of the newest broadcast read or confirmed',
  heard_short: '{read}/{all} read',
  terminal: 'Terminal',
  since: 'Online since {time}',
  seen: 'Last seen {time}',
  never: 'Never connected',
  no_broadcast: 'No broadcast is under way',
  confirmed: 'Confirmed',
  read: 'Read',
  delivered: 'Delivered',
  people: 'Recipients',
  no_outlines: 'No district outlines are stored; stations are shown as tiles',
  label: 'Map of {all} stations, {online} online',
  has_heard: 'Newest broadcast',
  who: 'See people',
  details: 'Station record',
  spot_label: 'Map to pick a place on',
  selected: 'Selected',
} satisfies Same<typeof zh>
