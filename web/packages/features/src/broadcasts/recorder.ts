import { onScopeDispose, ref } from 'vue'

const MIMES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
export const LONGEST = 300

const loudness = (analyser: AnalyserNode, buffer: Float32Array<ArrayBuffer>): number => {
  analyser.getFloatTimeDomainData(buffer)
  const power = buffer.reduce((sum, sample) => sum + sample * sample, 0) / buffer.length
  const decibels = 10 * Math.log10(power || 1e-9)
  return Math.min(1, Math.max(0, (decibels + 55) / 50))
}

const meter = (stream: MediaStream, tell: (level: number) => void): (() => void) => {
  const context = new AudioContext()
  const analyser = new AnalyserNode(context, { fftSize: 1024 })
  context.createMediaStreamSource(stream).connect(analyser)
  const buffer = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => tell(loudness(analyser, buffer)), 60)
  return () => {
    clearInterval(timer)
    void context.close()
  }
}

/** Speaks into the microphone; `onDone` gets the file. Stops by itself after LONGEST seconds. */
export const useRecorder = (onDone: (file: File) => void) => {
  const recording = ref(false)
  const level = ref(0)
  const seconds = ref(0)
  const refused = ref(false)
  let release = (): void => undefined
  let recorder: MediaRecorder | null = null

  const stop = (): void => {
    if (recorder?.state === 'recording') recorder.stop()
  }
  const begin = (stream: MediaStream): void => {
    const mimeType = MIMES.find((mime) => MediaRecorder.isTypeSupported(mime))
    const pieces: Blob[] = []
    const stopMeter = meter(stream, (now) => (level.value = now))
    const clock = setInterval(() => {
      seconds.value += 1
      if (seconds.value >= LONGEST) stop()
    }, 1000)
    release = () => {
      clearInterval(clock)
      stopMeter()
      stream.getTracks().forEach((track) => track.stop())
      recording.value = false
      level.value = 0
      release = () => undefined
    }
    recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {})
    recorder.ondataavailable = (event) => pieces.push(event.data)
    recorder.onstop = () => {
      release()
      const type = recorder?.mimeType || 'audio/webm'
      const ending = type.includes('mp4') ? 'm4a' : type.includes('ogg') ? 'ogg' : 'webm'
      if (seconds.value > 0) onDone(new File(pieces, `recording.${ending}`, { type }))
    }
    recorder.start(500)
  }
  const start = async (): Promise<void> => {
    refused.value = false
    seconds.value = 0
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true },
      })
      recording.value = true
      begin(stream)
    } catch {
      refused.value = true
    }
  }
  onScopeDispose(() => {
    if (recorder) recorder.onstop = null
    release()
  })
  return { recording, level, seconds, refused, start, stop }
}
