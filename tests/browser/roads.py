"""The network between a page and the media port, as a road that can break: packets go through here, or nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

HOME = "127.0.0.1"
DETOUR = """
  const answered = RTCPeerConnection.prototype.setRemoteDescription
  RTCPeerConnection.prototype.setRemoteDescription = function (answer) {
    const sdp = answer.sdp
      .replace(/a=candidate.* tcp .*\\r\\n/g, '')
      .replace(/(a=candidate\\S+ \\d udp \\d+ \\S+ )\\d+/g, `$1${window.road}`)
    return answered.call(this, { type: answer.type, sdp })
  }
"""
"""A page whose packets take the road `window.road`, a port of this machine."""
BACK = """async () => {
  const heard = async (peer) => {
    for (const one of (await peer.getStats()).values())
      if (one.type === 'inbound-rtp' && one.kind === 'audio' && one.packetsReceived > 2) return true
    return false
  }
  const old = window.peers.length
  dispatchEvent(new Event('online'))
  await new Promise((done) => setTimeout(done))
  const [fresh, ...more] = window.peers.slice(old)
  while (fresh && !(await heard(fresh))) await new Promise((done) => setTimeout(done, 20))
  return fresh ? 1 + more.length : 0
}"""
"""Tells the page, as an operating system does, that it is on another network. How many connections it begins in this very
turn, without waiting for anything; and sound has come in by the first of them."""


class Road:
    """From a page to the media port and back, until it is broken off."""

    def __init__(self, media_port: int) -> None:
        self._media, self.port, self._broken = (HOME, media_port), 0, False
        self._near: asyncio.DatagramTransport | None = None
        self._far: dict[Any, asyncio.Task[asyncio.DatagramTransport]] = {}

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._near, _ = await loop.create_datagram_endpoint(lambda: _Side(self._to_media), local_addr=(HOME, 0))
        self.port = self._near.get_extra_info("sockname")[1]

    async def break_off(self) -> None:
        self._broken = True
        for side in [self._near, *await asyncio.gather(*self._far.values())]:
            if side is not None:
                side.close()
        await asyncio.sleep(0)

    def _to_media(self, packet: bytes, page: Any) -> None:
        if page not in self._far:
            self._far[page] = asyncio.get_running_loop().create_task(self._side_of(page))
        self._far[page].add_done_callback(lambda far: far.result().sendto(packet))

    async def _side_of(self, page: Any) -> asyncio.DatagramTransport:
        """Each page has an address of its own on the other side."""
        loop = asyncio.get_running_loop()
        far, _ = await loop.create_datagram_endpoint(lambda: _Side(lambda back, _: self._home(back, page)), remote_addr=self._media)
        return far

    def _home(self, packet: bytes, page: Any) -> None:
        if self._near is not None and not self._broken:
            self._near.sendto(packet, page)


@asynccontextmanager
async def roads(media_port: int, count: int) -> AsyncIterator[list[Road]]:
    every = [Road(media_port) for _ in range(count)]
    try:
        for one in every:
            await one.open()
        yield every
    finally:
        for one in every:
            await one.break_off()


class _Side(asyncio.DatagramProtocol):
    def __init__(self, take: Any) -> None:
        self._take = take

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._take(data, addr)
