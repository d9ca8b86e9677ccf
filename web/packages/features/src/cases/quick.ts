import { fieldsOf } from './schema'
import type { StepRow } from './shapes'
import { isListed } from './words'

const FEW = 4

/** Answered in two taps: one choice of a few, and nothing else that must be filled in. */
export const isQuick = (step: StepRow): boolean => {
  const needed = fieldsOf(step.form).filter((field) => field.needed)
  const [only] = needed
  return (
    needed.length === 1 &&
    only !== undefined &&
    isListed(only) &&
    !only.many &&
    only.choices.length > 0 &&
    only.choices.length <= FEW
  )
}
