import type { Channel, Rung } from '@hub/contract'

type Say = (key: string, values?: Record<string, unknown>) => string

const channelsIn = (rung: Rung, say: Say): string =>
  rung.channels
    .map((channel) => say(`broadcasts.channel.${channel}`))
    .join(say('broadcasts.ladder.and'))

const waitIn = (seconds: number, say: Say): string =>
  seconds >= 60 && seconds % 60 === 0
    ? say('broadcasts.ladder.minutes', { n: seconds / 60 })
    : say('broadcasts.ladder.seconds', { n: seconds })

const triesIn = (rung: Rung, say: Say): string =>
  (rung.tries ?? 1) > 1 ? say('broadcasts.ladder.tries', { n: rung.tries }) : ''

/** Each rung as a person would say it: what is done, and after how long without what. */
export const rungsInWords = (rungs: readonly Rung[], say: Say): { when: string; what: string }[] =>
  rungs.map((rung, i) => {
    const before = rungs[i - 1]
    const when = before
      ? say('broadcasts.ladder.after', {
          wait: waitIn(before.wait, say),
          until: say(`broadcasts.until.${before.until ?? 'confirmed'}`),
        })
      : say('broadcasts.ladder.at_once')
    return { when, what: channelsIn(rung, say) + triesIn(rung, say) }
  })

/** Every road of the ladder, each once, in the order it is first tried. */
export const roadsOf = (rungs: readonly Rung[]): Channel[] => [
  ...new Set(rungs.flatMap((rung) => rung.channels)),
]
