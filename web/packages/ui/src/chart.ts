// A door of its own, so that an app without charts does not carry them.
export { default as Chart } from './Chart.vue'
export { echarts, type ChartOption, type ChartType } from './echarts'
