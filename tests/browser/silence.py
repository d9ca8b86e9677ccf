"""How long a page hears nothing: when packets of voices come, and when none do."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page

from tests.patience import PATIENCE

LISTEN = """() => {
  const came = new Map()
  let last = performance.now()
  window.silences = []
  const look = async () => {
    for (const peer of window.peers.filter((one) => one.connectionState === 'connected')) {
      let packets = 0
      for (const one of (await peer.getStats()).values())
        if (one.type === 'inbound-rtp' && one.kind === 'audio') packets += one.packetsReceived
      if (packets <= (came.get(peer) ?? 0)) continue
      came.set(peer, packets)
      const now = performance.now()
      if (now - last > LEAST) window.silences.push(now - last)
      last = now
    }
    setTimeout(() => void look(), 20)
  }
  void look()
}""".replace("LEAST", "100")
"""The page remembers silences of more than 100 ms (`window.peers`: tests.browser.lines.REMEMBER)."""


async def listen_for_silence(page: Page) -> None:
    await page.evaluate(LISTEN)


async def silence(page: Page) -> float:
    """Seconds of the first one; waits until it is over."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await page.evaluate("window.silences")):
            await asyncio.sleep(0.05)
    return float(found[0]) / 1000
