import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import { HubProblem } from '@hub/client'
import { useHub } from '@hub/features'
import { ElMessage, ElMessageBox } from 'element-plus'
import { useI18n } from 'vue-i18n'

export const tell = (text: string): void =>
  void ElMessage.success({ message: text, duration: 3000 })
export const complain = (text: string): void =>
  void ElMessage.error({ message: text, duration: 8000, showClose: true })

const declined = (): null => null

/** What a button of a page does: asks the operator once, asks the hub, and says how it went. */
export const useWish = () => {
  const hub = useHub()
  const { t } = useI18n()

  /** Null: it was refused, and the operator was told why. An answer of nothing is undefined. */
  const attempt = async <T>(run: () => Promise<T>, done = ''): Promise<T | undefined | null> => {
    try {
      const result = await run()
      if (done) tell(done)
      return result ?? undefined
    } catch (problem) {
      if (!(problem instanceof HubProblem)) throw problem
      complain(problem.message)
      return null
    }
  }

  return {
    attempt,
    wish: <T = unknown>(type: string, fields: object, done = t('page.saved')) =>
      attempt(() => hub.ask<T>(type, fields), done),

    /** True when the operator said yes. `text` names how many people it concerns. */
    sure: async (text: string, yes: string): Promise<boolean> =>
      (await ElMessageBox.confirm(text, {
        confirmButtonText: yes,
        cancelButtonText: t('page.back'),
        confirmButtonClass: 'confirm-yes',
      }).catch(declined)) !== null,

    /** The operator's words, or null when he went back. */
    reason: async (
      text: string,
      yes: string,
      label: string,
      needed = false,
    ): Promise<string | null> => {
      const answer = await ElMessageBox.prompt(text, {
        confirmButtonText: yes,
        cancelButtonText: t('page.back'),
        confirmButtonClass: 'confirm-yes',
        inputPlaceholder: label,
        inputValidator: (value) => (needed && !value?.trim() ? label : (value ?? '').length <= 200),
      }).catch(declined)
      return answer === null ? null : String((answer as { value: string }).value ?? '').trim()
    },
  }
}
