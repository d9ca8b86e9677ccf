"""Pages that publish to the packet switch and watch what it sends, and a line to it that is as bad as one wishes."""

import asyncio
import random
import socket
from collections import deque
from collections.abc import Callable

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
  const began = performance.now();
  window.viewer?.close();
  const pc = window.viewer = new RTCPeerConnection({bundlePolicy: 'max-bundle'}), shown = document.getElementById('v');
  shown.srcObject = new MediaStream();
  for (const kind of ['audio', 'video']) pc.addTransceiver(kind, {direction: 'recvonly'});
  pc.ontrack = (event) => shown.srcObject.addTrack(event.track);
  await pc.setLocalDescription(askedAgain(await pc.createOffer()));
  const first = new Promise((done) => shown.requestVideoFrameCallback((at) => done(at - began)));
  const answer = await fetch('/join/viewer', {method: 'POST', body: pc.localDescription.sdp});
  await pc.setRemoteDescription({type: 'answer', sdp: await answer.text()});
  return first;
}"""
"""Milliseconds until the first picture is shown."""
SEEN = """async () => {
  const all = [...(await window.viewer.getStats()).values()].filter((s) => s.type == 'inbound-rtp');
  const video = all.find((s) => s.kind == 'video') ?? {}, audio = all.find((s) => s.kind == 'audio') ?? {};
  const seen = {frames: video.framesDecoded, freezes: video.freezeCount, nacks: video.nackCount, heard: audio.packetsReceived,
    soundLost: audio.packetsLost, soundNacks: audio.nackCount, repaired: video.retransmittedPacketsReceived, lost: video.packetsLost,
    concealed: audio.concealedSamples};
  return Object.fromEntries(Object.entries(seen).map(([name, count]) => [name, count ?? 0]));
}"""
"""Of what has not come yet there is nothing."""


class BadLine:
    """Stands between a browser and the switch: what is media gets lost at random, both ways, and towards the browser
    waits in a queue where the line is narrow."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.loop, self.chance, self.loss = asyncio.get_running_loop(), random.Random(7), 0.0
        self.target = target
        self.narrow = Narrow(self.loop)
        self.legs: dict[tuple[str, int], socket.socket] = {}
        self.front = self.opened(lambda data, address: self.leg(address).send(data))
        self.front.bind(("0.0.0.0", 0))
        self.port: int = self.front.getsockname()[1]

    def opened(self, takes: Callable[[bytes, tuple[str, int]], object]) -> socket.socket:
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
            leg = self.legs[address] = self.opened(
                lambda data, _: self.narrow.put(len(data), lambda: self.front.sendto(data, address)))
            leg.connect(self.target)
        return self.legs[address]

    def close(self) -> None:
        self.narrow.close()
        for sock in (self.front, *self.legs.values()):
            self.loop.remove_reader(sock)
            sock.close()


class Narrow:
    """A queue that lets so many bits a second through, and drops what finds half a second before it."""

    LONGEST = 0.5

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.bps = 0
        """0: as wide as one wishes."""
        self._loop = loop
        self._free = 0.0
        self._waiting: deque[asyncio.TimerHandle] = deque(maxlen=2_000)

    def put(self, size: int, through: Callable[[], object]) -> None:
        now = self._loop.time()
        if not self.bps:
            through()
            return
        if self._free - now > self.LONGEST:
            return
        self._free = max(self._free, now) + 8 * size / self.bps
        self._waiting.append(self._loop.call_at(self._free, through))

    def close(self) -> None:
        for timer in self._waiting:
            timer.cancel()
