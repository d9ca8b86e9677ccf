/** Drawn at 24 × 24, lines only. */
export const SHAPES = {
  mic: 'M9 6a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0zM5 11a7 7 0 0 0 14 0M12 18v3',
  'mic-off':
    'M9 9v2a3 3 0 0 0 5 2.200M15 10V6a3 3 0 0 0-5.700-1.300M5 11a7 7 0 0 0 11.500 5.300M12 18v3M4 4l16 16',
  camera: 'M3 7h12v10H3zM15 11l6-3.500v9L15 13z',
  'camera-off': 'M7 7H3v10h12v-2M11 7h4v4l6-3.500v9l-3-1.700M4 4l16 16',
  screen: 'M3 5h18v11H3zM8 20h8M12 16v4M12 13V8M9.500 10.500 12 8l2.500 2.500',
  hand: 'M8 12V6.500a1.500 1.500 0 0 1 3 0V11V4.500a1.500 1.500 0 0 1 3 0V11V6a1.500 1.500 0 0 1 3 0v8a6 6 0 0 1-6 6c-3 0-4.300-1.500-6.500-5.500l-1-2c-.5-1.500 1.300-2.300 2.200-1z',
  leave: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  devices: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 4.500v5M8 14.500v5',
} as const

export type Shape = keyof typeof SHAPES
