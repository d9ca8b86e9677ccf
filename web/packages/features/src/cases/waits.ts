import { useCases } from './desk'
import type { CaseRow } from './shapes'
import { useSaid } from './words'

/** For whom a case waits: a desk as its stream calls it in the language that is read, everybody else by name. */
export const useWaits = () => {
  const said = useSaid()
  const { lifeOf } = useCases()
  return ({ stream, waits_for }: Pick<CaseRow, 'stream' | 'waits_for'>): string =>
    waits_for.map(({ ref, name }) => said(lifeOf(stream)?.relations[ref]) || name).join('、')
}
