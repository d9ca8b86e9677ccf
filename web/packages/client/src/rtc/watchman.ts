import type { Settable } from '../observable'
import type { Peer } from './peer'
import { ENCODING, nextStanding, STANDING, type Sample, type Standing } from './picture'
import type { Picture } from './words'

const EVERY = 2000

interface Seen {
  packets: number
  delay: number
}

interface Figures {
  fractionLost?: number
  packetsSent?: number
  totalPacketSendDelay?: number
  availableOutgoingBitrate?: number
  kind?: string
  type: string
  nominated?: boolean
}

const gather = (report: RTCStatsReport) => {
  const all = [...(report as unknown as Map<string, Figures>).values()]
  const video = (type: string): Figures | undefined =>
    all.find((one) => one.type === type && one.kind === 'video')
  return {
    out: video('outbound-rtp'),
    far: video('remote-inbound-rtp'),
    pair: all.find((one) => one.type === 'candidate-pair' && one.nominated),
  }
}

const seenIn = (out: Figures | undefined): Seen => ({
  packets: out?.packetsSent ?? 0,
  delay: out?.totalPacketSendDelay ?? 0,
})

const sampleOf = (report: RTCStatsReport, before: Seen): [Sample, Seen] => {
  const { out, far, pair } = gather(report)
  const seen = seenIn(out)
  const sent = seen.packets - before.packets
  const queued = sent > 0 ? ((seen.delay - before.delay) / sent) * 1000 : 0
  const room = pair?.availableOutgoingBitrate ?? null
  return [{ lost: far?.fractionLost ?? 0, room, queued }, seen]
}

const put = async (sender: RTCRtpSender, picture: Picture): Promise<void> => {
  const parameters = sender.getParameters()
  const [encoding] = parameters.encodings
  if (!encoding) return
  const { scale, bitrate, active } = ENCODING[picture]
  Object.assign(encoding, { scaleResolutionDownBy: scale, maxBitrate: bitrate, active })
  await sender.setParameters(parameters).catch(() => undefined)
}

/** Gives up one's own picture step by step where the line cannot carry it, never the voice. */
export const watchPicture = (peer: Peer, picture: Settable<Picture>): (() => void) => {
  const sender = peer.sending.camera?.sender
  if (!sender) return () => undefined
  let standing: Standing = { ...STANDING, picture: picture.value }
  let seen: Seen = { packets: 0, delay: 0 }
  if (picture.value !== 'full') void put(sender, picture.value)
  const look = async (): Promise<void> => {
    if (!sender.track) return
    const [sample, now] = sampleOf(await peer.connection.getStats(), seen)
    seen = now
    standing = nextStanding(standing, sample)
    if (standing.picture === picture.value) return
    picture.set(standing.picture)
    await put(sender, standing.picture)
  }
  const timer = setInterval(() => void look(), EVERY)
  return () => clearInterval(timer)
}
