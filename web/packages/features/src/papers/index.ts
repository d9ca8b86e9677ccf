export { default as PaperPages } from './PaperPages.vue'
