export { useAside } from './aside'
export { arrange, columnsOf, wantedOf, type Arrangement, type Scene, type Tile } from './arrange'
export {
  createAttendance,
  provideAttendance,
  useAttendance,
  type Attendance,
  type Coming,
} from './attendance'
export { default as MeetingTile } from './MeetingTile.vue'
export { default as meetingsEn } from './en'
export { default as meetingsZh } from './zh-CN'
export { default as OwnControls } from './OwnControls.vue'
export { default as Ready } from './Ready.vue'
export { default as RoundButton } from './RoundButton.vue'
export {
  layoutOf,
  useArrangement,
  useLines,
  useMeeting,
  useMyMeetings,
  type Layout,
  type MeetingNow,
} from './rows'
export { default as SessionNotes } from './SessionNotes.vue'
export { default as Stage } from './Stage.vue'
export { byHand, byPresence, lineOf, type Line } from './standing'
export { byUnit, dividable, inEqualParts, moved, type Group } from './dividing'
