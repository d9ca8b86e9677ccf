import { expect, it } from 'vitest'
import { houseFirst } from './codecs'

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
