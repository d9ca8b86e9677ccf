import type { ApiKeyRow } from '@hub/contract'
import { useI18n } from 'vue-i18n'

type Granted = Pick<ApiKeyRow, 'roles' | 'scopes'>

/** What an account or a key may do, and where, in words. */
export const useGrants = (nameOf: (org: string) => string) => {
  const { t } = useI18n()
  return {
    rolesOf: ({ roles }: Granted): string =>
      roles.map((role) => t(`accounts.role.${role}`)).join(t('page.comma')),
    scopesOf: ({ scopes }: Granted): string => scopes.map(nameOf).join(t('page.comma')),
  }
}
