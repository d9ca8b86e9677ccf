interface Codec {
  mimeType: string
  sdpFmtpLine?: string
}

/** The house format first: what is recorded and sent as HLS need not be transcoded then. */
const rank = ({ mimeType, sdpFmtpLine = '' }: Codec): number => {
  const name = mimeType.toLowerCase()
  if (name === 'video/h264') {
    const whole = sdpFmtpLine.includes('packetization-mode=1')
    return whole && sdpFmtpLine.includes('profile-level-id=42e0') ? 0 : whole ? 1 : 2
  }
  return name === 'video/vp8' ? 3 : 4
}

export const houseFirst = <C extends Codec>(codecs: readonly C[]): C[] =>
  [...codecs].sort((a, b) => rank(a) - rank(b))

/** A browser without the call offers what it has; the plane takes VP8 too. */
export const preferHouseCodec = (transceiver: RTCRtpTransceiver): void => {
  const known = RTCRtpReceiver.getCapabilities?.('video')?.codecs
  if (known) transceiver.setCodecPreferences?.(houseFirst(known))
}

/** Browsers ask again for lost pictures only; the plane repairs voices as well where it is asked to. */
export const voicesAskedAgain = (offer: string): string =>
  offer.replace(/(a=rtpmap:(\d+) opus\/[^\r\n]*\r\n)/g, '$1a=rtcp-fb:$2 nack\r\n')
