export { default as legislationEn } from './en'
export * from './lights'
export { default as legislationZh } from './zh-CN'
