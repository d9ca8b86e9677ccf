"""The plane dies, or hangs, in the middle of a call: the one in reserve serves, the hub states the rooms again, and who
comes back talks on."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from hub.commands.media import media_in
from media.shapes import FloorRules
from media.wires import Boot, PeerGone, Told
from tests.flows.cluster.stage import children_of
from tests.flows.media.stage import (
    ROOM,
    Caller,
    Studio,
    media_settings,
    planes_ready,
    serving,
    studio_on,
    until,
)

A, B = "station:1", "station:17"


@asynccontextmanager
async def city_with_planes(dsn: str, data: Path) -> AsyncIterator[Studio]:
    settings = media_settings(data)
    async with media_in(settings), studio_on(dsn, settings) as one:
        one.hall.floor = FloorRules()
        one.hall.change(A, B)
        await until(lambda: not one.hub.media.engine.away)
        yield one


async def again(caller: Caller) -> None:
    await caller.pc.close()
    await caller.join()


async def test_a_killed_plane_is_followed_by_its_reserve_and_a_hung_one_too(dsn: str, tmp_path: Path) -> None:
    async with city_with_planes(dsn, tmp_path) as one:
        told: list[Told] = []
        one.hub.media.engine.hear(told.append)
        folder = one.hub.settings.media_folder
        async with one.caller(A, 400) as a, one.caller(B, 900) as b:
            granted = await one.ask(A, "AskFloor", room=ROOM)
            await b.hears(400)
            seq, gone = granted["state"]["seq"], []
            for ends in (signal.SIGKILL, signal.SIGSTOP):
                await planes_ready(tmp_path)
                told.clear()
                gone.append(serving(folder))
                os.kill(gone[-1], ends)
                await until(lambda: any(isinstance(word, Boot) for word in told))
                await until(lambda: one.hub.media.engine.floor_of(ROOM))
                assert serving(folder) not in gone
                assert serving(folder) in children_of(os.getpid())
                await until(lambda: {word.peer.partition("@")[0] for word in told if isinstance(word, PeerGone) and word.lost} == {A, B})
                for caller in (a, b):
                    await again(caller)
                taken = await one.ask(B, "AskFloor", room=ROOM)
                await a.hears(900)

                assert taken["outcome"] == "granted"
                assert taken["state"]["seq"] > seq
                seq = taken["state"]["seq"]
            assert one.hall.begun >= 3
