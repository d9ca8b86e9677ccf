/** The light build has everything that LL-HLS needs, and the types of the whole one. */
declare module 'hls.js/light' {
  export { default } from 'hls.js'
}
