import { observable, type Observable } from '../observable'
import type { DeviceChoice } from './words'

export interface Device {
  id: string
  name: string
}

export interface DeviceList {
  mics: Device[]
  cameras: Device[]
  speakers: Device[]
}

const KEPT = 'hub.devices'
const NO_DEVICES: DeviceList = { mics: [], cameras: [], speakers: [] }

/** What was chosen on this machine; a browser that keeps nothing chooses anew. */
export const keptDevices = (): DeviceChoice => {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '{}') as DeviceChoice
  } catch {
    return {}
  }
}

export const keepDevices = (choice: DeviceChoice): void =>
  localStorage.setItem(KEPT, JSON.stringify(choice))

/** Names are empty until the person has allowed a device once. */
export const listDevices = async (): Promise<DeviceList> => {
  const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
  if (found.length === 0) return NO_DEVICES
  const of = (kind: MediaDeviceKind): Device[] =>
    found.filter((one) => one.kind === kind).map((one) => ({ id: one.deviceId, name: one.label }))
  return { mics: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') }
}

export const onDevicesChange = (listener: () => void): (() => void) => {
  navigator.mediaDevices?.addEventListener('devicechange', listener)
  return () => navigator.mediaDevices?.removeEventListener('devicechange', listener)
}

export interface Meter {
  /** 0 silent to 1 loud */
  readonly level: Observable<number>
  stop(): void
}

/** 0 at −55 dB and below, 1 at −5 dB. */
export const loudness = (samples: Float32Array): number => {
  let power = 0
  for (const sample of samples) power += sample * sample
  const decibels = 10 * Math.log10(power / Math.max(1, samples.length) || 1e-9)
  return Math.min(1, Math.max(0, (decibels + 55) / 50))
}

/** How loud a track is, ten times a second. */
export const createMeter = (track: MediaStreamTrack): Meter => {
  const level = observable(0)
  const context = new AudioContext()
  const analyser = new AnalyserNode(context, { fftSize: 1024 })
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    level.set(loudness(samples))
  }, 100)
  return {
    level,
    stop() {
      clearInterval(timer)
      void context.close()
    },
  }
}

interface Sinkable {
  setSinkId?(id: string): Promise<void>
}

/** Sends sound to a chosen speaker where the browser can; otherwise it stays at the usual one. */
export const toSpeaker = async (target: object, speaker: string | undefined): Promise<void> => {
  if (speaker) await (target as Sinkable).setSinkId?.(speaker).catch(() => undefined)
}

const SCALE = [523.25, 659.25, 783.99]

/** Three soft tones, so that one hears whether the speaker is the right one. */
export const playTone = async (speaker?: string): Promise<void> => {
  const context = new AudioContext()
  await toSpeaker(context, speaker)
  SCALE.forEach((frequency, step) => {
    const begin = context.currentTime + step * 0.28
    const gain = new GainNode(context, { gain: 0 })
    gain.gain.setValueAtTime(0, begin)
    gain.gain.linearRampToValueAtTime(0.22, begin + 0.03)
    gain.gain.exponentialRampToValueAtTime(0.001, begin + 0.26)
    const tone = new OscillatorNode(context, { frequency })
    tone.connect(gain).connect(context.destination)
    tone.start(begin)
    tone.stop(begin + 0.28)
  })
  await new Promise((done) => setTimeout(done, 1000))
  await context.close()
}
