"""The plane is killed in the middle of a call: the hub starts another, states the rooms again, and who comes back
talks on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from hub.commands.media import media_in
from media.shapes import FloorRules
from media.wires import Boot, PeerGone, Told
from tests.flows.cluster.stage import children_of
from tests.flows.media.stage import ROOM, Caller, media_settings, studio_on, until

A, B = "station:1", "station:17"


def planes() -> list[int]:
    def is_plane(pid: int) -> bool:
        return b"plane" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")

    return [pid for pid in children_of(os.getpid()) if is_plane(pid)]


async def test_a_killed_plane_comes_back_with_its_rooms_and_the_others_are_only_silent_for_a_moment(dsn: str, tmp_path: Path) -> None:
    settings = media_settings(tmp_path)
    async with media_in(settings), studio_on(dsn, settings) as one:
        told: list[Told] = []
        one.hub.media.engine.hear(told.append)
        one.hall.floor = FloorRules()
        one.hall.change(A, B)
        await until(lambda: not one.hub.media.engine.away, 30)
        async with one.caller(A, 400) as a, one.caller(B, 900) as b:
            granted = await one.ask(A, "AskFloor", room=ROOM)
            await b.hears(400)
            [plane] = planes()
            told.clear()
            os.kill(plane, signal.SIGKILL)
            await until(lambda: any(isinstance(word, Boot) for word in told), 30)
            await until(lambda: one.hub.media.engine.floor_of(ROOM))
            assert planes() not in ([], [plane])
            await until(lambda: {word.peer.partition("@")[0] for word in told if isinstance(word, PeerGone)} == {A, B})
            for caller in (a, b):
                await again(caller)
            taken = await one.ask(B, "AskFloor", room=ROOM)
            await a.hears(900)

            assert taken["outcome"] == "granted"
            assert taken["state"]["seq"] > granted["state"]["seq"]
            assert one.hall.begun >= 2


async def again(caller: Caller) -> None:
    await caller.pc.close()
    await caller.join()
