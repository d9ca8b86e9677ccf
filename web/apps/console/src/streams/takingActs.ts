import type { TakingRow } from '@hub/contract'
import { useI18n } from 'vue-i18n'
import { useWish } from '../kit/wish'

/** What a clerk does with one who takes part, each with its reason. */
export const useTakingActs = (activity: () => string) => {
  const { t } = useI18n()
  const { wish, reason } = useWish()
  const about = (one: TakingRow): { activity: string; person: string } => ({
    activity: activity(),
    person: one.person.slice(7),
  })
  const said = (one: TakingRow, act: string, why: string): Promise<string | null> =>
    reason(one.name, t(`duties.people.${act}`), t(`duties.people.${why}`), true)
  return {
    judge: async (one: TakingRow, valid: boolean): Promise<void> => {
      const note = await said(one, valid ? 'valid' : 'invalid', 'note')
      if (note) await wish('JudgeSignIn', { ...about(one), valid, note })
    },
    byHand: async (one: TakingRow): Promise<void> => {
      const note = await said(one, 'by_hand', 'by_hand_note')
      if (note) await wish('SignInByHand', { ...about(one), note })
    },
    refuse: async (one: TakingRow): Promise<void> => {
      const why = await said(one, 'refuse', 'refuse_why')
      if (why) await wish('RefuseRegistration', { ...about(one), reason: why })
    },
  }
}
