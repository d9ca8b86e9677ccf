import { ElMessageBox } from 'element-plus'
import { tell } from '../kit/wish'

/** Copies, and says so; a page that came without TLS has no clipboard, and shows what is to be copied. */
export const handOver = async (text: string, said: string, byHand: string): Promise<void> => {
  const written = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  )
  if (written) return tell(said)
  await ElMessageBox.alert(text, byHand, { customClass: 'by-hand' }).catch(() => undefined)
}
