import { HubProblem, observable, type LinkState } from '@hub/client'
import { beforeEach, expect, it } from 'vitest'
import { createOutbox, type Line, type Parcel } from './outbox'
import { settled } from './samples'

beforeEach(() => localStorage.clear())

const DEAF = { taken: () => undefined, refused: () => undefined }
const itemOf = (delivery: string) => ({ delivery, state: 'confirmed' as const, at: '2026-11-21' })

const lineOf = (answer: (parcel: Parcel) => unknown) => {
  const link = observable<LinkState>('online')
  const ask = async (_type: string, parcel: Parcel) => answer(parcel)
  return { line: { link, ask } as unknown as Line, link }
}

it('sends again what had no answer, under the same id', async () => {
  const ids: string[] = []
  let broken = true
  const { line, link } = lineOf((parcel) => {
    ids.push(parcel.id)
    if (broken) throw new HubProblem({ status: 0, code: 'offline' })
    return { taken: 1, unknown: [] }
  })
  const outbox = createOutbox(line, DEAF)
  expect(await outbox.put([itemOf('d1')])).toBe('kept')
  broken = false
  link.set('offline')
  link.set('online')
  await settled()
  expect(ids).toEqual([ids[0], ids[0]])
  expect(outbox.waiting()).toEqual([])
})

it('lets others pass what the hub cannot digest', async () => {
  const { line } = lineOf((parcel) => {
    if (parcel.items[0]?.delivery === 'bad') throw new HubProblem({ status: 500, code: 'broken' })
    return { taken: 1, unknown: [] }
  })
  const outbox = createOutbox(line, DEAF)
  expect(await outbox.put([itemOf('bad')])).toBe('kept')
  await outbox.put([itemOf('d2')])
  await outbox.flush()
  expect(outbox.waiting().map((item) => item.delivery)).toEqual(['bad'])
})

it('names what the hub does not know as ours', async () => {
  const { line } = lineOf(() => ({ taken: 0, unknown: ['d1'] }))
  const unknown: string[] = []
  const outbox = createOutbox(line, { ...DEAF, taken: (_items, ids) => unknown.push(...ids) })
  expect(await outbox.put([itemOf('d1')])).toBe('taken')
  expect(unknown).toEqual(['d1'])
})
