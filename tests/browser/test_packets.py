"""Chromium publishes through the packet switch and watches: first picture, loss without a freeze, sound alone."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page

from media.plane.switch import Switch
from media.plane.words import Outlet, Source
from tests.flows.plane.conftest import Ear

PAGE = """<video id=v autoplay muted playsinline></video><script>
// Chromium repairs sound, too, where both sides say so
const askedAgain = ({sdp}) => ({type: 'offer', sdp: sdp.replace(/(a=rtpmap:(\\d+) opus[^]*?\\n)/g, '$1a=rtcp-fb:$2 nack\\r\\n')});
</script>"""
PUBLISH = """async ([codec, name]) => {
  const pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'}); window[name] = pc;
  const media = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 640, height: 360}});
  for (const track of media.getTracks()) {
    const line = pc.addTransceiver(track, {direction: track.kind == 'audio' ? 'sendrecv' : 'sendonly', streams: [media]});
    if (track.kind == 'video') line.setCodecPreferences(RTCRtpSender.getCapabilities('video').codecs.filter(
      (c) => [`video/${codec}`, 'video/rtx'].includes(c.mimeType.toLowerCase())));
  }
  for (let slot = 0; slot < 4; slot++) pc.addTransceiver('video', {direction: 'recvonly'});
  await pc.setLocalDescription(askedAgain(await pc.createOffer()));
  const answer = await fetch(`/join/${name}`, {method: 'POST', body: pc.localDescription.sdp});
  await pc.setRemoteDescription({type: 'answer', sdp: await answer.text()});
}"""
WATCH = """async () => {
  const pc = window.viewer = new RTCPeerConnection({bundlePolicy: 'max-bundle'}), shown = document.getElementById('v');
  shown.srcObject = new MediaStream();
  for (const kind of ['audio', 'video']) pc.addTransceiver(kind, {direction: 'recvonly'});
  pc.ontrack = (event) => shown.srcObject.addTrack(event.track);
  await pc.setLocalDescription(askedAgain(await pc.createOffer()));
  const first = new Promise((done) => shown.requestVideoFrameCallback(() => done()));
  const answer = await fetch('/join/viewer', {method: 'POST', body: pc.localDescription.sdp});
  await pc.setRemoteDescription({type: 'answer', sdp: await answer.text()});
  await first;
}"""
SEEN = """async () => {
  const all = [...(await window.viewer.getStats()).values()].filter((s) => s.type == 'inbound-rtp');
  const video = all.find((s) => s.kind == 'video'), audio = all.find((s) => s.kind == 'audio');
  return {frames: video.framesDecoded, freezes: video.freezeCount, nacks: video.nackCount, heard: audio.packetsReceived,
    soundLost: audio.packetsLost, soundNacks: audio.nackCount, lost: video.packetsLost, concealed: audio.concealedSamples};
}"""


class LossyLine:
    """Stands between a browser and the switch; what is media gets lost at random, both ways."""

    def __init__(self, port: int) -> None:
        self.loop, self.chance, self.loss = asyncio.get_running_loop(), random.Random(7), 0.0
        self.target = ("127.0.0.1", port)
        self.legs: dict[tuple[str, int], socket.socket] = {}
        self.front = self.opened(lambda data, address: self.leg(address).send(data))
        self.front.bind(("0.0.0.0", 0))
        self.port = self.front.getsockname()[1]

    def opened(self, takes) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)

        def read() -> None:
            data, address = sock.recvfrom(2000)
            if data[0] < 128 or self.chance.random() >= self.loss:
                takes(data, address)

        self.loop.add_reader(sock, read)
        return sock

    def leg(self, address: tuple[str, int]) -> socket.socket:
        if address not in self.legs:
            leg = self.legs[address] = self.opened(lambda data, _: self.front.sendto(data, address))
            leg.connect(self.target)
        return self.legs[address]

    def close(self) -> None:
        for sock in (self.front, *self.legs.values()):
            self.loop.remove_reader(sock)
            sock.close()


class Stage:
    """A page in Chromium beside a switch, over a line that may lose packets."""

    def __init__(self, switch: Switch, line: LossyLine, ear: Ear, page: Page) -> None:
        self.switch, self.line, self.ear, self.page = switch, line, ear, page

    async def seen(self, **least: int) -> dict[str, int]:
        """Waits until the viewer has at least so much."""
        async with asyncio.timeout(20):
            while True:
                seen = await self.page.evaluate(SEEN)
                if all(seen[name] >= count for name, count in least.items()):
                    return seen
                await asyncio.sleep(0.1)


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    ear = Ear()
    switch = Switch(ear, cache=tmp_path)
    line = LossyLine(await switch.open("0.0.0.0", 0, tcp=False))

    async def join(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        joined = await switch.join(name, await request.text())
        if name == "viewer":
            switch.link(Source("camera/0"), Outlet("viewer/0"))
            switch.link(Source("camera/1"), Outlet("viewer/1"))
        return web.Response(text=joined.answer.replace(f" {line.target[1]} typ", f" {line.port} typ"))

    async def show(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_post("/join/{name}", join)
    app.router.add_get("/", show)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    page = await browser.new_page()
    await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    yield Stage(switch, line, ear, page)
    await page.close()
    await runner.cleanup()
    await switch.close()
    line.close()


@pytest.mark.parametrize("codec", ["h264", "vp8"])
async def test_the_first_picture_comes_and_what_is_lost_is_asked_for_again(stage: Stage, codec: str):
    await stage.page.evaluate(PUBLISH, [codec, "camera"])
    await stage.ear.until("source", "camera/1", "video", codec)
    await stage.page.evaluate(WATCH)
    await stage.seen(frames=20, heard=30)

    stage.line.loss = 0.05
    await stage.seen(frames=90, nacks=3, soundNacks=3)
    stage.line.loss = 0.0

    assert stage.switch.stats().resent > 0
    assert [told for told in stage.ear.told if told[:2] == ("level", "camera/0")]
