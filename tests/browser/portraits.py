"""Somebody before a camera, painted: for the README's pictures, where a browser's own test card would say nothing."""

from __future__ import annotations

PAINTER = """
  const paint = (canvas, look) => {
    const pen = canvas.getContext('2d'), { width: w, height: h } = canvas
    pen.fillStyle = `hsl(${look.wall} 22% 66%)`
    pen.fillRect(0, 0, w, h)
    pen.fillStyle = `hsl(${look.wall} 20% 88% / 60%)`
    pen.fillRect(w * look.window, h * 0.12, w * 0.2, h * 0.42)
    pen.fillStyle = `hsl(${look.wall} 18% 40%)`
    pen.fillRect(0, h * 0.86, w, h * 0.14)
    const x = w * 0.5, y = h * 0.46
    pen.fillStyle = look.coat
    pen.beginPath()
    pen.ellipse(x, h * 1.02, w * 0.25, h * 0.36, 0, Math.PI, 0)
    pen.fill()
    pen.fillStyle = '#f4f1ea'
    pen.beginPath()
    pen.moveTo(x - w * 0.05, h * 0.67); pen.lineTo(x, h * 0.82); pen.lineTo(x + w * 0.05, h * 0.67)
    pen.fill()
    pen.fillStyle = look.skin
    pen.fillRect(x - w * 0.032, y + h * 0.1, w * 0.064, h * 0.12)
    pen.beginPath()
    pen.ellipse(x, y, w * 0.085, h * 0.185, 0, 0, Math.PI * 2)
    pen.fill()
    pen.fillStyle = look.hair
    pen.beginPath()
    pen.ellipse(x, y - h * 0.06, w * 0.094, h * 0.15, 0, Math.PI, 0)
    pen.fill()
    pen.fillStyle = '#3a2a22'
    for (const side of [-1, 1]) {
      pen.beginPath()
      pen.ellipse(x + side * w * 0.032, y, w * 0.008, h * 0.012, 0, 0, Math.PI * 2)
      pen.fill()
    }
    pen.fillRect(x - w * 0.02, y + h * 0.09, w * 0.04, h * 0.012)
  }
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (wish) => {
    if (!wish.video) return real(wish)
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 })
    setInterval(() => paint(canvas, LOOK), 200)
    return canvas.captureStream(5)
  }
"""
LOOKS = (
    "{ wall: 212, window: 0.08, coat: '#27364f', skin: '#e3b58e', hair: '#2b2320' }",
    "{ wall: 28, window: 0.7, coat: '#3d4a3a', skin: '#dca983', hair: '#4a4542' }",
    "{ wall: 150, window: 0.06, coat: '#6b2f36', skin: '#eac09b', hair: '#1f1a19' }",
    "{ wall: 262, window: 0.72, coat: '#2f3d5e', skin: '#d9a47c', hair: '#6d6763' }",
    "{ wall: 190, window: 0.1, coat: '#4b3b2d', skin: '#e6b892', hair: '#2d2523' }",
    "{ wall: 45, window: 0.68, coat: '#24485a', skin: '#e0ad86', hair: '#38302c' }",
)


def painted(number: int) -> str:
    """A page's script: its camera shows the person of this number."""
    return PAINTER.replace("LOOK)", f"({LOOKS[number % len(LOOKS)]}))")
