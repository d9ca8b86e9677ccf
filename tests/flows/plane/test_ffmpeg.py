"""FFmpeg's own WHIP muxer, as it stands in PyAV's wheel, publishes."""

import asyncio
import sys
from pathlib import Path

import av
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization

from media.plane.words import Line
from tests.flows.plane.phone import CERTIFICATE, Phone

FRAMES = 40


@pytest.fixture
def identity(tmp_path: Path) -> tuple[str, str]:
    """Without one FFmpeg makes a P-224 certificate, which OpenSSL does not take."""
    key = CERTIFICATE._key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "cert.pem").write_bytes(CERTIFICATE._cert.public_bytes(serialization.Encoding.PEM))
    return str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")


async def test_ffmpeg_publishes_by_whip_and_a_viewer_sees_it(place, identity):
    async def whip(request: web.Request) -> web.Response:
        joined = await place.switch.join("ffmpeg", await request.text())
        lines.extend(joined.lines)
        return web.Response(status=201, text=joined.answer, content_type="application/sdp",
                            headers={"Location": "/whip/1"})

    lines: list[Line] = []
    app = web.Application()
    app.router.add_post("/whip", whip)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/whip"
    viewer = await place.phone("viewer", "audio recvonly", "video recvonly")
    publisher = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.flows.plane.whip_publisher", url, *identity)
    try:
        await place.ear.until("up", "ffmpeg")
        for line in lines:
            place.switch.link(f"ffmpeg/{line.mid}", f"viewer/{0 if line.kind == 'audio' else 1}")
        await viewer.until(lambda: min(len(viewer.of("0")), len(viewer.of("1"))) >= FRAMES)
    finally:
        publisher.kill()
        await publisher.wait()
        await runner.cleanup()

    assert [(line.kind, line.codec, line.role) for line in lines] == [("audio", "opus", "mic"), ("video", "h264", "camera")]
    assert decoded(viewer) > 10


def decoded(viewer: Phone) -> int:
    """Pictures that a decoder makes of what came: from the first packet on."""
    decoder, pictures, unit = av.CodecContext.create("h264", "r"), 0, b""
    for packet in viewer.of("1"):
        unit += annexb(packet.payload)
        if packet.marker:
            pictures += len(decoder.decode(av.Packet(unit)))
            unit = b""
    return pictures


def annexb(payload: bytes) -> bytes:
    kind = payload[0] & 0x1F
    if kind == 28:
        head = b"\0\0\0\1" + bytes((payload[0] & 0xE0 | payload[1] & 0x1F,)) if payload[1] & 0x80 else b""
        return head + payload[2:]
    if kind != 24:
        return b"\0\0\0\1" + payload
    units, at = b"", 1
    while at < len(payload):
        size = int.from_bytes(payload[at : at + 2], "big")
        units += b"\0\0\0\1" + payload[at + 2 : at + 2 + size]
        at += 2 + size
    return units
