import { uuid7 } from '@hub/client'
import { useHub } from '@hub/features'
import type { CaseDetail } from '@hub/features/cases'
import { useI18n } from 'vue-i18n'
import { useWish } from '../kit/wish'

/** A project's course becomes a template: the days between its nodes stay, the dates go (S1-C02). */
export const useSaveTemplate = () => {
  const hub = useHub()
  const { t } = useI18n()
  const { wish, reason } = useWish()
  return async (project: string): Promise<void> => {
    const name = await reason(
      t('legislation.law.save_template'),
      t('page.save'),
      t('legislation.law.template_name'),
      true,
    )
    if (!name) return
    const [detail] = (await hub.view<CaseDetail>('case', { case: project })).rows
    const fields = { name, kind: detail?.row.kind, project, code: `project-${uuid7().slice(-12)}` }
    await wish('SaveProjectTemplate', fields, t('legislation.law.template_saved'))
  }
}
