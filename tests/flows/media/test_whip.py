"""WHIP by FFmpeg's own muxer, WHEP by aiortc, and what RFC 9725 says of their doors."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
from aiortc import RTCPeerConnection, RTCSessionDescription
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.flows.media.stage import ROOM, Studio, until

A, B, C = "station:1", "station:17", "station:18"


def bearer(on_air: Studio, station: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {on_air.keys[station]}", "Content-Type": "application/sdp"}


def p256(folder: Path) -> tuple[Path, Path]:
    """FFmpeg built with GnuTLS makes a certificate of a curve that OpenSSL refuses; it takes one of ours."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "encoder")])
    at = datetime(2026, 1, 1, tzinfo=UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
            .not_valid_before(at).not_valid_after(at + timedelta(days=3650)).sign(key, hashes.SHA256()))
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return cert, private


def publish(url: str, key: str, folder: Path, enough: threading.Event) -> None:
    cert, private = p256(folder)
    options = {"authorization": key, "cert_file": str(cert), "key_file": str(private), "handshake_timeout": "5000"}
    with av.open(url, "w", format="whip", options=options) as out:
        video = out.add_stream("libx264", rate=15)
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        video.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": "15", "bf": "0"}
        audio = out.add_stream("libopus", rate=48_000, layout="stereo")
        tick = 0
        while not enough.wait(1 / 15) and tick < 200:
            picture = av.VideoFrame(320, 180, "rgb24")
            picture.planes[0].update(bytes([tick * 8 % 256]) * picture.planes[0].buffer_size)
            picture.pts, picture.time_base = tick, Fraction(1, 15)
            out.mux(video.encode(picture.reformat(format="yuv420p")))
            sound = av.AudioFrame(format="s16", layout="stereo", samples=3200)
            sound.planes[0].update(b"\x00\x04" * (sound.planes[0].buffer_size // 2))
            sound.pts, sound.sample_rate, sound.time_base = tick * 3200, 48_000, Fraction(1, 48_000)
            for packet in audio.encode(sound):
                out.mux(packet)
            tick += 1


class Player:
    """A stock peer that takes what a room shows."""

    def __init__(self) -> None:
        self.pc = RTCPeerConnection()
        for kind in ("video", "audio"):
            self.pc.addTransceiver(kind, direction="recvonly")
        self.tracks = {}
        self.pc.on("track", lambda track: self.tracks.setdefault(track.kind, track))

    async def take(self, on_air: Studio, headers: dict[str, str]) -> str:
        """Says where the session is."""
        await self.pc.setLocalDescription(await self.pc.createOffer())
        async with on_air.web.post(f"{on_air.url}/whep/{ROOM}", data=self.pc.localDescription.sdp, headers=headers) as answer:
            assert (answer.status, answer.content_type) == (201, "application/sdp"), await answer.text()
            await self.pc.setRemoteDescription(RTCSessionDescription(await answer.text(), "answer"))
            return on_air.url + answer.headers["Location"]

    async def picture(self) -> av.VideoFrame:
        async with asyncio.timeout(15):
            return await self.tracks["video"].recv()


async def test_ffmpeg_publishes_and_a_player_takes_it_out(on_air: Studio, tmp_path: Path) -> None:
    on_air.hall.change(A, B)
    engine, enough, player = on_air.hub.media.engine, threading.Event(), Player()
    async with asyncio.TaskGroup() as group:
        publishing = group.create_task(asyncio.to_thread(publish, f"{on_air.url}/whip/{ROOM}", on_air.keys[A], tmp_path, enough))
        await until(lambda: publishing.done() or any(len(one.sources) == 2 for one in engine.present(ROOM)), 15)
        session = await player.take(on_air, bearer(on_air, B))
        frame = await player.picture()
        assert (frame.width, frame.height) == (320, 180)
        assert {one.codec.lower() for peer in engine.present(ROOM) for one in peer.sources} == {"h264", "opus"}
        for status in (200, 404):
            async with on_air.web.delete(session, headers=bearer(on_air, B)) as answer:
                assert answer.status == status
        enough.set()
    await player.pc.close()
    await until(lambda: not engine.present(ROOM), 15)


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
