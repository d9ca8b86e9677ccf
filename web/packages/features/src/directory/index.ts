export * from './directory'
export * from './tree'
