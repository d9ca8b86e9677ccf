export * from './acts'
