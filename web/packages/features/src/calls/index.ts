export { callActs, memberActs, type CallAct, type MemberAct, type Standing } from './acts'
export { default as CallScreen } from './CallScreen.vue'
export { default as DeviceTest } from './DeviceTest.vue'
export { default as callsEn } from './en'
export { default as HoldSign } from './HoldSign.vue'
export { default as IncomingCall } from './IncomingCall.vue'
export { default as LateEntry } from './LateEntry.vue'
export { default as LineMark } from './LineMark.vue'
export {
  countStates,
  matchingLines,
  ownSeat,
  stretchesOf,
  touchOf,
  type Stretch,
  type WallFilter,
} from './lines'
export { useObserved } from './observed'
export { default as OwnKeys } from './OwnKeys.vue'
export { createPhone, providePhone, usePhone, type Phone, type StartWish } from './phone'
export { hangsUpBy } from './rows'
export { default as PttKey } from './PttKey.vue'
export { default as VoiceState } from './VoiceState.vue'
export * from './words'
export { default as callsZh } from './zh-CN'
