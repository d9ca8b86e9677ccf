export { default as PlaceMap } from './PlaceMap.vue'
export { default as StationMap } from './StationMap.vue'
export { heardPart } from './geo'
export { districtAt, type Spot } from './labels'
