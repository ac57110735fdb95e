import { onScopeDispose } from 'vue'

/** Hertz of the two notes, and how long each lasts in seconds. */
const NOTES = [660, 990]
const LENGTH = 0.16

/** A short rising tone, made by the browser itself. Silent where the page may not play yet (before the first touch). */
export const useTone = (): { play(): void } => {
  let audio: AudioContext | null = null
  onScopeDispose(() => void audio?.close())
  return {
    play() {
      audio ??= new AudioContext()
      const { currentTime: now, destination } = audio
      for (const [index, frequency] of NOTES.entries()) {
        const note = new OscillatorNode(audio, { frequency })
        const volume = new GainNode(audio, { gain: 0.2 })
        const begin = now + index * LENGTH
        volume.gain.setValueAtTime(0.2, begin + LENGTH * 0.7)
        volume.gain.linearRampToValueAtTime(0, begin + LENGTH)
        note.connect(volume).connect(destination)
        note.start(begin)
        note.stop(begin + LENGTH)
      }
    },
  }
}
