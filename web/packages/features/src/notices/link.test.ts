import { expect, it } from 'vitest'
import { deliveryOf, linkOf } from './link'

it('reads the way in that was sent to one person', () => {
  expect(linkOf({ pathname: '/d/AbC-_9', search: '?via=wechat' })).toEqual({
    token: 'AbC-_9',
    via: 'wechat',
  })
  expect(linkOf({ pathname: '/d/AbC', search: '?via=pigeon' })?.via).toBe(null)
  expect(linkOf({ pathname: '/deputy/', search: '' })).toBe(null)
})

it('knows which notice a link opens', () => {
  const bytes = [3, ...Array(16).fill(0xaa), ...Array(16).fill(0x11), ...Array(24).fill(0)]
  const token = btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
  expect(deliveryOf(token)).toBe('11111111-1111-1111-1111-111111111111')
  expect(deliveryOf('AQID')).toBe(null)
  expect(deliveryOf('!')).toBe(null)
})
