export { default as StationMap } from './StationMap.vue'
export { heardPart } from './geo'
