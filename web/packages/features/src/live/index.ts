export { default as ClipCard } from './ClipCard.vue'
export { default as LivePlayer } from './LivePlayer.vue'
export { default as LiveWall } from './LiveWall.vue'
export { default as LiveWatch } from './LiveWatch.vue'
export { default as LiveCards } from './LiveCards.vue'
export { default as liveEn } from './en'
export { default as liveZh } from './zh-CN'
export { useLivePage, type LivePage } from './page'
export {
  agendaItems,
  agendaText,
  ownRoomOf,
  toneOf,
  watchAddress,
  whepAddress,
  whipAddress,
} from './rows'
export { useShownLives } from './shown'
