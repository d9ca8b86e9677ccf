"""Sound that is made ready, and telephones in a room."""

from __future__ import annotations

import asyncio
import audioop
import hashlib
import math
import struct
import wave
from pathlib import Path

import av
import pytest

from hub.kernel.errors import Malformed
from media.studio.prepare import frames_of
from media.wires_studio import (
    LegHeard,
    LegSaid,
    LegSpoke,
    Poster,
    PosterDone,
    Prepare,
    Prepared,
    StartLeg,
    StopLeg,
)
from tests.flows.studio.rtp import packets
from tests.flows.studio.stage import now, studio, tap
from tests.patience import PATIENCE

ROOM = "call:1"


def tone(path: Path, seconds: float) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", round(9_000 * math.sin(at / 6))) for at in range(round(16_000 * seconds))))
    return path


def heard(frames: list[bytes]) -> bytes:
    """PCM of Opus frames."""
    decoder = av.CodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = 48_000, "mono"
    return b"".join(bytes(frame.planes[0])[:frame.samples * 2] for one in frames for frame in decoder.decode(av.Packet(one)))


def loudest(ulaw: bytes) -> int:
    """Of each tenth of a second."""
    return max((audioop.rms(audioop.ulaw2lin(ulaw[at:at + 800], 2), 2) for at in range(0, len(ulaw), 800)), default=0)


async def test_a_sound_becomes_frames_that_the_plane_only_has_to_send(tmp_path):
    async with studio(tmp_path) as run:
        told = await run.ask(Prepare(path=str(tone(tmp_path / "notice.wav", 1.5)), target=str(tmp_path / "ready")), Prepared)
        again = await run.ask(Prepare(path=str(tmp_path / "notice.wav"), target=str(tmp_path / "ready")), Prepared)
        (tmp_path / "letter.txt").write_text("no sound")
        with pytest.raises(Malformed, match="no sound"):
            await run.ask(Prepare(path=str(tmp_path / "letter.txt"), target=str(tmp_path / "ready")), Prepared)
        with pytest.raises(Malformed, match="no recording"):
            await run.ask(Poster(path=str(tmp_path / "letter.txt"), target=str(tmp_path / "x.jpg")), PosterDone)
    content = Path(told.path).read_bytes()
    frames = list(frames_of(content))
    assert told == again
    assert hashlib.sha256(content).hexdigest() == told.sha256
    assert abs(told.ms - 1_500) <= 40
    assert told.ms == 20 * len(frames)
    assert audioop.rms(heard(frames), 2) > 4_000


async def test_a_telephone_hears_the_room_and_is_heard_but_not_by_itself(tmp_path, h264):
    ulaw = audioop.lin2ulaw(b"".join(struct.pack("<h", round(8_000 * math.sin(at / 3))) for at in range(4_000)), 2)
    async with studio(tmp_path) as run:
        line = await tap(tmp_path, ROOM)
        line.source(1, "station:7@call:1#a", "mic", "opus")
        await run.ask(StartLeg(leg="p1", room=ROOM, peer="phone:1@call:1#x"))
        await run.ask(StartLeg(leg="p2", room=ROOM, peer="phone:2@call:1#x"))

        def said(leg: str) -> bytes:
            return b"".join(one.ulaw for one in run.told if isinstance(one, LegHeard) and one.leg == leg)

        run.line.say(LegSaid(leg="p1", ulaw=ulaw))
        async with asyncio.timeout(PATIENCE):
            while loudest(said("p2")) < 2_000:
                await asyncio.sleep(0.02)
        silent = said("p1")
        await line.send({"opus": 1}, [one for one in packets(h264) if one.at < 0.6], now(), live=True)
        async with asyncio.timeout(PATIENCE):
            while loudest(said("p1")[len(silent):]) < 500:
                await asyncio.sleep(0.02)
            while not sum(isinstance(one, LegSpoke) for one in run.told) >= 25:
                await asyncio.sleep(0.02)
        await run.ask(StopLeg(leg="p1"))
        line.close()
    assert run.process.returncode == 0, "a telephone that is still in holds nothing up"
    spoken = [one.opus for one in run.told if isinstance(one, LegSpoke)]
    assert len(spoken) == 25
    assert audioop.rms(heard(spoken), 2) > 3_000
    assert loudest(silent) < 50
