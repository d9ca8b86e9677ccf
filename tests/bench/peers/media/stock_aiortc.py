"""`python -m tests.bench.peers.media.stock_aiortc PORT FOLDER`: aiortc as its examples use it, told by `begin?task=`.

relay: MediaRelay to whoever watches · record: MediaRecorder into record.mp4 · listen: each track is read and thrown away."""

from __future__ import annotations

import sys

from aiohttp import web
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaBlackhole, MediaRecorder, MediaRelay
from aiortc.mediastreams import MediaStreamTrack
from aiortc.stats import RTCInboundRtpStreamStats


class Stock:
    def __init__(self, folder: str) -> None:
        self._file = f"{folder}/aiortc.mp4"
        self._task = ""
        self._relay = MediaRelay()
        self._tracks: list[MediaStreamTrack] = []
        self._peers: list[RTCPeerConnection] = []
        self._sink: MediaRecorder | MediaBlackhole = MediaBlackhole()

    async def begin(self, request: web.Request) -> web.Response:
        await self._sink.stop()
        for peer in self._peers:
            await peer.close()
        self._task, self._tracks, self._peers, self._relay = request.query["task"], [], [], MediaRelay()
        self._sink = MediaRecorder(self._file) if self._task == "record" else MediaBlackhole()
        return web.Response()

    async def taken(self, _request: web.Request) -> web.Response:
        found = 0
        for peer in self._peers:
            said = await peer.getStats()
            found += sum(one.packetsReceived for one in said.values() if isinstance(one, RTCInboundRtpStreamStats))
        return web.Response(text=str(found))

    async def publish(self, request: web.Request) -> web.Response:
        peer = self._peer()
        peer.on("track", self._take)
        await peer.setRemoteDescription(RTCSessionDescription(await request.text(), "offer"))
        if self._task != "relay":
            await self._sink.start()
        return await self._answer(peer)

    def _take(self, track: MediaStreamTrack) -> None:
        if self._task == "relay":
            self._tracks.append(track)
        else:
            self._sink.addTrack(track)

    async def watch(self, request: web.Request) -> web.Response:
        peer = self._peer()
        await peer.setRemoteDescription(RTCSessionDescription(await request.text(), "offer"))
        for track in self._tracks:
            if any(line.kind == track.kind for line in peer.getTransceivers()):
                peer.addTrack(self._relay.subscribe(track))
        return await self._answer(peer)

    async def ready(self, _request: web.Request) -> web.Response:
        return web.Response()

    def _peer(self) -> RTCPeerConnection:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peers.append(peer)
        return peer

    async def _answer(self, peer: RTCPeerConnection) -> web.Response:
        await peer.setLocalDescription(await peer.createAnswer())
        return web.Response(text=peer.localDescription.sdp)


def main(port: str, folder: str) -> None:
    stock = Stock(folder)
    app = web.Application()
    app.add_routes([web.get("/", stock.ready), *(web.post(f"/{one.__name__}", one) for one in (stock.begin, stock.publish, stock.watch, stock.taken))])
    web.run_app(app, host="127.0.0.1", port=int(port), print=None, handle_signals=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
