"""A file, and words that the hub reads out, play into a round: everybody in it hears them."""

from __future__ import annotations

import math
import wave
from array import array
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.kernel.actor import Actor, Role
from hub.kernel.errors import NotFound
from media.live.messages import commands as c
from media.meetings.messages import commands as m
from tests.flows.live_meetings.stage import DISTRICT_3, LiveStage
from tests.flows.media.stage import Caller, on_line
from tests.flows.meetings.round_table import DUTY

AT_17 = Actor(id="station:17", name="十七站", roles=(Role.STATION,), scopes=("station:17",))


async def tone(stage: LiveStage, pitch: int) -> UUID:
    """An uploaded file."""
    file, folder = uuid4(), stage.hub.settings.data / "files"
    turn = 2 * math.pi * pitch / 16_000
    with wave.open(str(folder / f"{file}.wav"), "wb") as writer:
        writer.setparams((1, 2, 16_000, 0, "NONE", ""))
        writer.writeframes(array("h", (int(12_000 * math.sin(turn * at)) for at in range(16_000))).tobytes())
    async with stage.hub.db.transaction() as conn:
        await conn.execute(
            "insert into files.file(id, name, mime, size, sha256, seconds, purpose, variants, by_id, at)"
            " values ($1, '会标曲.wav', 'audio/wav', 1, '', 1.0, 'audio', $2, $3, now())", file, {"original": f"{file}.wav"}, DUTY.id)
    return file


async def spoken(stage: LiveStage, text: str) -> UUID:
    async with stage.web.post(f"{stage.hub.url}/api/speech", json={"text": text}, headers=stage.as_operator) as answer:
        assert answer.status == 200, await answer.text()
        return UUID((await answer.json())["id"])


async def test_a_file_and_spoken_words_are_heard_by_all_in_a_round(stage: LiveStage) -> None:
    opened = m.OpenMeeting(id=uuid4(), title="防汛会商", targets=("station:17",))
    await stage.ask(opened, DUTY)
    await stage.ask(m.EnterMeeting(id=uuid4(), meeting=opened.id), AT_17)
    room, music = f"meeting:{opened.id}", await tone(stage, 700)

    async def plays() -> Any:
        return await stage.see("room_plays", DUTY, room=room)

    async def silent() -> bool:
        return not await plays()

    with pytest.raises(NotFound):
        await stage.ask(c.PlayInRoom(id=uuid4(), room=room, file=music), DISTRICT_3)
    with pytest.raises(NotFound):
        await stage.ask(c.PlayInRoom(id=uuid4(), room=room, file=uuid4()), DUTY)
    station = Caller(stage.web, stage.hub.settings.url, room, {"Authorization": f"Device {stage.devices['station:17']}"}, 1000)
    async with on_line(station):
        await stage.ask(c.PlayInRoom(id=uuid4(), room=room, file=music, loop=True), DUTY)
        await station.hears(700)
        [row] = await plays()
        assert (row["name"], row["loop"], row["by_name"]) == ("会标曲.wav", True, "值班员")
        await stage.ask(c.StopPlayInRoom(id=uuid4(), room=room), DUTY)
        await stage.until(silent)

        words = c.PlayInRoom(id=uuid4(), room=room, file=await spoken(stage, "会议马上开始，请各站就座。"))
        station.heard.clear()
        await stage.ask(words, DUTY)
        await stage.until(silent)
        assert station.heard
