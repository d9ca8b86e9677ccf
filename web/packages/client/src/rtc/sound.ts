import { observable } from '../observable'
import { toSpeaker } from './devices'

/** Plays the voices of a session. A browser may ask for a touch first: `blocked` says so. */
export const createSound = (speaker: string | undefined) => {
  const players = new Map<string, HTMLAudioElement>()
  const blocked = observable(false)
  let chosen = speaker

  const start = async (player: HTMLAudioElement): Promise<void> => {
    try {
      await player.play()
      blocked.set(false)
    } catch (why) {
      if (why instanceof DOMException && why.name === 'NotAllowedError') blocked.set(true)
    }
  }
  const playerOf = (place: string): HTMLAudioElement => {
    const known = players.get(place)
    if (known) return known
    const made = new Audio()
    made.autoplay = true
    void toSpeaker(made, chosen)
    players.set(place, made)
    return made
  }
  return {
    blocked,
    play(place: string, track: MediaStreamTrack): void {
      const player = playerOf(place)
      player.srcObject = new MediaStream([track])
      void start(player)
    },
    /** After a touch: the browser lets sound out now. */
    unblock: () => Promise.all([...players.values()].map(start)),
    speakAt(next: string | undefined): void {
      chosen = next
      for (const player of players.values()) void toSpeaker(player, next)
    },
    stop(): void {
      for (const player of players.values()) player.srcObject = null
      players.clear()
    },
  }
}
