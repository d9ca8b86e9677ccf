"""WHIP by FFmpeg's own muxer, WHEP by aiortc, and what RFC 9725 says of their doors."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import av
from aiortc import RTCPeerConnection, RTCSessionDescription

from hub.settings import ROOT
from tests.flows.media.stage import ROOM, Studio, until
from tests.patience import PATIENCE

A, B, C = "station:1", "station:17", "station:18"


def bearer(on_air: Studio, station: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {on_air.keys[station]}", "Content-Type": "application/sdp"}


@asynccontextmanager
async def encoder(url: str, key: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flows.media.encoder", url, key, str(folder), stdin=asyncio.subprocess.PIPE, cwd=ROOT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class Player:
    """A stock peer that takes what a room shows."""

    def __init__(self) -> None:
        self.pc = RTCPeerConnection()
        for kind in ("video", "audio"):
            self.pc.addTransceiver(kind, direction="recvonly")
        self.tracks: dict[str, Any] = {}
        self.pc.on("track", lambda track: self.tracks.setdefault(track.kind, track))

    async def take(self, on_air: Studio, headers: dict[str, str]) -> str:
        """Says where the session is."""
        await self.pc.setLocalDescription(await self.pc.createOffer())
        async with on_air.web.post(f"{on_air.url}/whep/{ROOM}", data=self.pc.localDescription.sdp, headers=headers) as answer:
            assert (answer.status, answer.content_type) == (201, "application/sdp"), await answer.text()
            await self.pc.setRemoteDescription(RTCSessionDescription(await answer.text(), "answer"))
            return on_air.url + answer.headers["Location"]

    async def picture(self) -> av.VideoFrame:
        async with asyncio.timeout(PATIENCE):
            return await self.tracks["video"].recv()


async def test_ffmpeg_publishes_and_a_player_takes_it_out(on_air: Studio, tmp_path: Path) -> None:
    on_air.hall.change(A, B)
    engine, player = on_air.hub.media.engine, Player()
    async with encoder(f"{on_air.url}/whip/{ROOM}", on_air.keys[A], tmp_path) as publishing:
        await until(lambda: publishing.returncode is not None or any(len(one.sources) == 2 for one in engine.present(ROOM)))
        session = await player.take(on_air, bearer(on_air, B))
        frame = await player.picture()
        assert (frame.width, frame.height) == (320, 180)
        assert {one.codec.lower() for peer in engine.present(ROOM) for one in peer.sources} == {"h264", "opus"}
        for status in (200, 404):
            async with on_air.web.delete(session, headers=bearer(on_air, B)) as answer:
                assert answer.status == status
        assert publishing.stdin is not None
        publishing.stdin.close()
        async with asyncio.timeout(PATIENCE):
            assert await publishing.wait() == 0
    await player.pc.close()
    await until(lambda: not engine.present(ROOM))


async def test_the_doors_answer_as_the_standard_says(on_air: Studio) -> None:
    on_air.hall.change(A)
    whip, key = f"{on_air.url}/whip/{ROOM}", bearer(on_air, A)
    encoder = RTCPeerConnection()
    encoder.addTransceiver("audio", direction="sendonly")
    await encoder.setLocalDescription(await encoder.createOffer())
    offer = encoder.localDescription.sdp
    async with on_air.web.post(whip, data=offer, headers=key) as answer:
        assert answer.status == 201
        session, tag = f"{on_air.url}{answer.headers['Location']}", answer.headers["ETag"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Location" in answer.headers["Access-Control-Expose-Headers"]
    fragment = key | {"Content-Type": "application/trickle-ice-sdpfrag"}
    candidate = "a=ice-ufrag:x\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n"
    asked = [
        ("GET", whip, key, None, 405), ("PUT", whip, key, offer, 405), ("HEAD", whip, key, None, 405),
        ("OPTIONS", whip, {}, None, 204), ("OPTIONS", session, {}, None, 204),
        ("POST", whip, {"Content-Type": "application/sdp"}, offer, 401), ("POST", whip, bearer(on_air, C), offer, 403),
        ("POST", whip, key | {"Content-Type": "application/json"}, offer, 415), ("POST", whip, key | {"Accept": "text/html"}, offer, 406),
        ("POST", whip, key, "no sdp at all", 400), ("POST", whip, key, " ", 400), ("POST", whip, key, b"\xff\xfe", 400),
        ("POST", whip, key, "x" * 300_000, 413), ("POST", f"{on_air.url}/whip/nothing:1", key, offer, 404),
        ("PATCH", session, fragment | {"If-Match": tag}, candidate, 204), ("PATCH", session, fragment, candidate, 428),
        ("PATCH", session, fragment | {"If-Match": '"other"'}, candidate, 412), ("PATCH", session, fragment | {"If-Match": "*"}, candidate, 422),
        ("PATCH", session, key | {"If-Match": tag}, candidate, 415), ("DELETE", session, bearer(on_air, C), None, 403),
        ("DELETE", session, key, None, 200), ("DELETE", session, key, None, 404), ("PATCH", session, fragment, candidate, 404),
    ]
    got = []
    for method, url, headers, body, _ in asked:
        async with on_air.web.request(method, url, data=body, headers=headers) as answer:
            got.append(answer.status)
            if answer.status >= 400 and method != "HEAD":
                assert answer.content_type == "application/problem+json"
                assert (await answer.json())["detail"]
            assert answer.status != 405 or "POST" in answer.headers["Allow"]
            assert answer.status != 401 or answer.headers["WWW-Authenticate"].startswith("Bearer")
    await encoder.close()

    assert got == [status for *_, status in asked]
