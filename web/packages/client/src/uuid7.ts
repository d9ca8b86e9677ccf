const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** RFC 9562 version 7: ids made later sort later. */
export const uuid7 = (millis: number = Date.now()): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  new DataView(bytes.buffer).setUint32(0, Math.floor(millis / 0x1_0000))
  new DataView(bytes.buffer).setUint16(4, millis % 0x1_0000)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const text = hex(bytes)
  return [0, 8, 12, 16, 20].map((from, i, cuts) => text.slice(from, cuts[i + 1])).join('-')
}
