import { expect, test } from 'vitest'
import { placeOf } from './place'

test.each([
  ['/public', 'drafts', ''],
  ['/public/say', 'say', ''],
  ['/public/say/station:12', 'say', 'station:12'],
  [
    '/public/say/person:0190a6c2-0000-7000-8000-000000000001',
    'say',
    'person:0190a6c2-0000-7000-8000-000000000001',
  ],
  ['/public/mine', 'mine', ''],
  [
    '/public/drafts/0190a6c2-0000-7000-8000-000000000001',
    'drafts',
    '0190a6c2-0000-7000-8000-000000000001',
  ],
  ['/public/say/<script>', '', ''],
  ['/public/mine/more', '', ''],
])('the address %s is the page %s', (path, page, id) => {
  expect(placeOf(path)).toEqual({ page, id })
})
