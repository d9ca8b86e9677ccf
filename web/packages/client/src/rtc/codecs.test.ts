import { expect, it } from 'vitest'
import { houseFirst, voicesAskedAgain } from './codecs'

const h264 = (profile: string, mode: number) => ({
  mimeType: 'video/H264',
  sdpFmtpLine: `level-asymmetry-allowed=1;packetization-mode=${mode};profile-level-id=${profile}`,
})
const named = (name: string) => ({ mimeType: `video/${name}` })

it('offers constrained baseline H.264 first, VP8 after all H.264, and leaves nothing out', () => {
  const order = houseFirst([
    named('VP8'),
    named('rtx'),
    h264('42001f', 1),
    h264('42e01f', 0),
    named('AV1'),
    h264('42e01f', 1),
  ])

  expect(order).toEqual([
    h264('42e01f', 1),
    h264('42001f', 1),
    h264('42e01f', 0),
    named('VP8'),
    named('rtx'),
    named('AV1'),
  ])
})

it('asks for lost voices of every audio line, and leaves the rest of an offer alone', () => {
  const offer = 'a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:111 opus/48000/2\r\n'

  expect(voicesAskedAgain(offer)).toBe(
    'a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 nack\r\na=rtcp-fb:111 transport-cc\r\na=rtpmap:96 VP8/90000\r\n' +
      'a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 nack\r\n',
  )
})
