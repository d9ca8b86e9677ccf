let sounding: HTMLAudioElement | null = null

/** One voice at a time. */
export const playAlone = async (sound: HTMLAudioElement): Promise<void> => {
  if (sounding !== sound) sounding?.pause()
  sounding = sound
  await sound.play()
}
