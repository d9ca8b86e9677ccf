"""Who calls whom: consoles with the dispatch board open, stations at their screens; and what they hear."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page, expect

from hub.access.seed import demo_device_keys
from hub.kernel.clock import SystemClock
from tests.browser.desks import KIOSK, Desks, sign_in
from tests.browser.stage import City
from tests.patience import PATIENCE

REMEMBER = """
  window.peers = []
  const Born = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Born {
    constructor(...words) { super(...words); window.peers.push(this) }
  }
"""
"""What a page connects, so that a test can look at what comes in."""
WALLED = """
  const answered = RTCPeerConnection.prototype.setRemoteDescription
  RTCPeerConnection.prototype.setRemoteDescription = function (answer) {
    return answered.call(this, { type: answer.type, sdp: answer.sdp.replace(/a=candidate.*\\r\\n/g, '') })
  }
  window.sounds = 0
  const Made = window.AudioDecoder
  window.AudioDecoder = class extends Made {
    constructor({ output, error }) { super({ error, output: (sound) => { window.sounds += 1; output(sound) } }) }
  }
"""
"""A network that lets nothing through but HTTP; counts what is decoded instead."""
HEARD = """async () => {
  let packets = 0, energy = 0
  for (const peer of window.peers.filter((one) => one.connectionState === 'connected'))
    for (const one of (await peer.getStats()).values())
      if (one.type === 'inbound-rtp' && one.kind === 'audio') {
        packets += one.packetsReceived
        energy += one.totalAudioEnergy ?? 0
      }
  return { packets, energy }
}"""


@dataclass(frozen=True)
class Seats:
    """The operator, a second seat (the administrator), and two stations."""

    desks: Desks
    desk: Page
    other: Page
    near: Page
    far: Page

    @property
    def pages(self) -> tuple[Page, ...]:
        return self.desk, self.other, self.near, self.far


async def seated(city: City, desks: Desks, near: str, far: str) -> Seats:
    return Seats(desks, *await asyncio.gather(
        board(city, desks), board(city, desks, "admin"), screen(city, desks, near), screen(city, desks, far)))


async def board(city: City, desks: Desks, login: str = "operator") -> Page:
    """A console at the dispatch board."""
    page = await desks.open()
    await page.add_init_script(REMEMBER)
    await page.goto(f"{city.url}/#/calls/board")
    await sign_in(page, login)
    await expect(page.get_by_test_id("dispatch-board")).to_be_visible()
    return page


async def screen(city: City, desks: Desks, station: str, before: str = "") -> Page:
    """A station's screen with a loudspeaker and a microphone. `before`: a script that its page meets first."""
    keys = await city.inside(lambda: demo_device_keys(city.hub.access, SystemClock().now()))
    page = await desks.open(KIOSK)
    await page.add_init_script(REMEMBER + before)
    await page.goto(f"{city.url}/station/#key={keys[station]}&sound=off")
    await page.get_by_test_id("idle").wait_for()
    return page


def line(page: Page, ref: str) -> Locator:
    return page.get_by_test_id(f"line-{ref}")


async def pick(page: Page, *refs: str) -> None:
    for ref in refs:
        await page.get_by_test_id(f"pick-{ref}").click()
    await expect(page.get_by_test_id("select-count")).to_have_text(f"已选 {len(refs)} 个")


async def agree(page: Page) -> None:
    """Yes to what was asked once."""
    await page.locator(".confirm-yes").locator("visible=true").click()


async def answer(page: Page) -> None:
    await page.get_by_test_id("call-answer").click()
    await expect(page.get_by_test_id("call-screen")).to_have_attribute("data-voice", "joined")


async def hears(page: Page, seconds: float = PATIENCE) -> None:
    """Sound has come in since now: packets, and not of silence."""
    before = await _heard(page)
    async with asyncio.timeout(seconds):
        while True:
            now = await _heard(page)
            if now["packets"] > before["packets"] + 20 and now["energy"] > before["energy"]:
                return
            await asyncio.sleep(0.1)


async def _heard(page: Page) -> dict[str, Any]:
    heard: dict[str, Any] = await page.evaluate(HEARD)
    return heard
