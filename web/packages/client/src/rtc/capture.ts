import { HubProblem } from '../problem'
import type { DeviceChoice } from './words'

const SENTENCES = {
  'mic-refused': [
    '浏览器没有得到使用麦克风的许可,对方听不到您。请点地址栏左侧的图标,允许使用麦克风。',
    'The browser may not use the microphone, so nobody hears you. Press the mark left of the address and allow the microphone.',
  ],
  'camera-refused': [
    '浏览器没有得到使用摄像头的许可,对方看不到您。请点地址栏左侧的图标,允许使用摄像头。',
    'The browser may not use the camera, so nobody sees you. Press the mark left of the address and allow the camera.',
  ],
  'mic-missing': [
    '没有找到能用的麦克风,对方听不到您。请插好麦克风后再试。',
    'No microphone was found, so nobody hears you. Plug one in and try again.',
  ],
  'camera-missing': [
    '没有找到能用的摄像头,对方看不到您。请插好摄像头后再试。',
    'No camera was found, so nobody sees you. Plug one in and try again.',
  ],
  'mic-busy': [
    '麦克风正被别的程序占用。请关闭那个程序后再试。',
    'Another program is using the microphone. Close it and try again.',
  ],
  'camera-busy': [
    '摄像头正被别的程序占用。请关闭那个程序后再试。',
    'Another program is using the camera. Close it and try again.',
  ],
  'needs-https': [
    '此地址不是安全地址(https),浏览器不允许使用麦克风和摄像头。请管理员启用 https。',
    'This address is not a secure one (https), so the browser allows no microphone or camera. Ask the administrator to switch https on.',
  ],
  'screen-refused': [
    '没有选择要共享的屏幕。需要共享时请再按一次。',
    'No screen was chosen. Press again to share one.',
  ],
} as const

type Code = keyof typeof SENTENCES

const problem = (code: Code, language: string): HubProblem =>
  new HubProblem({ code, status: 0, detail: SENTENCES[code][language.startsWith('en') ? 1 : 0] })

const WHY: Record<string, string> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotReadableError: 'busy',
  AbortError: 'busy',
}

const why = (device: 'mic' | 'camera', error: unknown, language: string): HubProblem => {
  const name = error instanceof DOMException ? error.name : ''
  return problem(`${device}-${WHY[name] ?? 'missing'}` as Code, language)
}

/** Ideal, not exact: an unplugged device must not leave a person without any. */
const chosen = (id: string | undefined): MediaTrackConstraints => (id ? { deviceId: id } : {})

const first = async (wish: MediaStreamConstraints): Promise<MediaStreamTrack> => {
  const [track] = (await navigator.mediaDevices.getUserMedia(wish)).getTracks()
  if (!track) throw new DOMException('', 'NotFoundError')
  return track
}

const guarded = async (
  device: 'mic' | 'camera',
  language: string,
  wish: MediaStreamConstraints,
): Promise<MediaStreamTrack> => {
  if (!navigator.mediaDevices) throw problem('needs-https', language)
  return first(wish).catch((error: unknown) => {
    throw why(device, error, language)
  })
}

/** Rejects with a HubProblem whose sentence says what the person can do. */
export const openMic = (choice: DeviceChoice, language: string): Promise<MediaStreamTrack> =>
  guarded('mic', language, {
    audio: {
      ...chosen(choice.mic),
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      channelCount: 1,
    },
  })

export const openCamera = (choice: DeviceChoice, language: string): Promise<MediaStreamTrack> =>
  guarded('camera', language, {
    video: {
      ...chosen(choice.camera),
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 25, max: 30 },
    },
  })

export const openScreen = async (language: string): Promise<MediaStreamTrack> => {
  if (!navigator.mediaDevices?.getDisplayMedia) throw problem('needs-https', language)
  const stream = await navigator.mediaDevices
    .getDisplayMedia({ video: { frameRate: { max: 15 } } })
    .catch(() => {
      throw problem('screen-refused', language)
    })
  const [track] = stream.getVideoTracks()
  if (!track) throw problem('screen-refused', language)
  track.contentHint = 'detail'
  return track
}
