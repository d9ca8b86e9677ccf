import type { CallPlanRow } from '@hub/contract'
import { usePhone } from '@hub/features/calls'
import { useI18n } from 'vue-i18n'
import { useWish } from '../kit/wish'

/** Asks once, saying whom it rings and how; then one key does it all. */
export const useStartPlan = () => {
  const { t } = useI18n()
  const phone = usePhone()
  const { attempt, sure } = useWish()
  return async ({ id, body }: CallPlanRow): Promise<void> => {
    const who = t('calls.plan.who', {
      orgs: body.orgs?.length ?? 0,
      groups: body.groups?.length ?? 0,
      some: body.targets?.length ?? 0,
    })
    const kind = t(`calls.kind.${body.kind}`)
    if (
      !(await sure(
        t('calls.plan.start_ask', { name: body.name, kind, who }),
        t('calls.plan.start_yes'),
      ))
    )
      return
    await attempt(() => phone.startPlan(id, body.kind))
  }
}
