import type { FigureRow } from '@hub/contract'
import { useCases, useSaid, wordOf } from '@hub/features/cases'
import type { By } from '@hub/features/proposals'
import { useI18n } from 'vue-i18n'

const TABLES: Partial<Record<By, string>> = {
  topic: 'topic',
  subtopic: 'topic',
  kind: 'kind',
  class: 'class',
}

/** What a line of figures is called in the language that is read. */
export const useWords = () => {
  const { t } = useI18n()
  const said = useSaid()
  const cases = useCases()
  const coded = (table: string, code: string): string => {
    const words = cases.lifeOf('proposals')?.words[table]
    return words ? said(wordOf(code, { [table]: words })) : code
  }
  return {
    coded,
    nameOf: (by: By, { key, name }: Pick<FigureRow, 'key' | 'name'>): string => {
      const table = TABLES[by]
      if (!key) return t('proposals.figures.nobody')
      return table ? coded(table, key) : name
    },
  }
}
