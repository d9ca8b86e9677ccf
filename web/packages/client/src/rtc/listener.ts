import { createPlayhead, frameOf } from './playhead'
import { toSpeaker } from './devices'

const RATE = 48_000
const BACK = 1500

interface Chunk {
  type: 'key'
  timestamp: number
  data: Uint8Array
}
interface Sound {
  numberOfFrames: number
  numberOfChannels: number
  sampleRate: number
  copyTo(target: Float32Array, options: { planeIndex: number; format: 'f32-planar' }): void
  close(): void
}
interface Decoder {
  readonly state: string
  configure(config: object): void
  decode(chunk: object): void
  close(): void
}
/** WebCodecs, of which the compiler knows only the newest names. */
interface Codecs {
  AudioDecoder?: new (hears: { output: (sound: Sound) => void; error: () => void }) => Decoder
  EncodedAudioChunk?: new (chunk: Chunk) => object
}

const codecs = (): Codecs => globalThis as unknown as Codecs

export const canListen = (): boolean => Boolean(codecs().AudioDecoder && codecs().EncodedAudioChunk)

const createVoice = (speaker: string | undefined) => {
  const context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' })
  void toSpeaker(context, speaker)
  const playhead = createPlayhead()
  const play = (sound: Sound): void => {
    const { numberOfFrames: length, sampleRate } = sound
    const at = playhead.place(context.currentTime, length / sampleRate)
    if (at !== null) {
      const buffer = new AudioBuffer({ length, sampleRate, numberOfChannels: 1 })
      const samples = new Float32Array(length)
      sound.copyTo(samples, { planeIndex: 0, format: 'f32-planar' })
      buffer.copyToChannel(samples, 0)
      const source = new AudioBufferSourceNode(context, { buffer })
      source.connect(context.destination)
      source.start(at)
    }
    sound.close()
  }
  return { context, play }
}

const createDecoder = (play: (sound: Sound) => void) => {
  const { AudioDecoder, EncodedAudioChunk } = codecs()
  let decoder: Decoder | null = null
  const ready = (): Decoder | null => {
    if (decoder?.state === 'configured' || !AudioDecoder) return decoder
    // A broken frame closes a decoder for good: the next frame gets a new one.
    decoder = new AudioDecoder({ output: play, error: () => undefined })
    decoder.configure({ codec: 'opus', sampleRate: RATE, numberOfChannels: 1 })
    return decoder
  }
  return {
    take(bytes: ArrayBuffer): void {
      const frame = frameOf(bytes)
      if (!frame || !EncodedAudioChunk) return
      const timestamp = Math.round((frame.ts / RATE) * 1e6)
      ready()?.decode(new EncodedAudioChunk({ type: 'key', timestamp, data: frame.payload }))
    },
    close(): void {
      if (decoder && decoder.state !== 'closed') decoder.close()
    },
  }
}

/** Hears the room over the hub's own socket, until stopped. Nothing goes out this way. */
export const listen = (open: () => WebSocket, speaker: string | undefined): (() => void) => {
  const voice = createVoice(speaker)
  const decoder = createDecoder(voice.play)
  let wanted = true
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const begin = (): void => {
    socket = open()
    socket.onmessage = ({ data }) => data instanceof ArrayBuffer && decoder.take(data)
    socket.onclose = () => {
      if (wanted) timer = setTimeout(begin, BACK)
    }
  }
  begin()
  return () => {
    wanted = false
    clearTimeout(timer)
    socket?.close()
    decoder.close()
    void voice.context.close()
  }
}
