export * from './contents'
export { default as exchangeEn } from './en'
export * from './standing'
export { default as exchangeZh } from './zh-CN'
