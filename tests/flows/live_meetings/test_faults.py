"""A studio that is killed, and a disk that is full, while a meeting is live: who watches goes on, what was kept plays."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import av

from media.live.messages import commands as c
from tests.flows.live_meetings.stage import LiveStage, on_stage
from tests.flows.studio.stage import studio

SMALL_DISK = ("bash", "-c", 'ulimit -f 60; exec "$@"', "bash")
"""No file may grow beyond 60 kB: as with a full disk, a write is cut short and the next one refused."""


def pictures(raw: bytes) -> int:
    with av.open(io.BytesIO(raw), mode="r") as film:
        return sum(1 for _ in film.decode(video=0))


def films(stage: LiveStage) -> set[Path]:
    return set((stage.folder / "recordings").glob("*/*-camera.mp4"))


async def parts_of(stage: LiveStage, live: UUID) -> int:
    """Segments that a player can fetch just now."""
    page = await stage.told(f"/api/lives/{live}")
    status, body, _ = await stage.get(f"{page['play']}?v=one") if page["play"] and not page["dark"] else (0, b"", None)
    return body.count(b"#EXTINF") if status == 200 else 0


async def kept(stage: LiveStage, live: UUID) -> Any:
    async def so() -> Any:
        return [row for row in await stage.see("recordings") if row["live"] == str(live) and row["state"] == "kept"]

    [row] = await stage.until(so)
    return (await stage.see("recording", recording=row["id"]))[0]


async def test_a_meeting_goes_on_after_its_studio_was_killed_and_the_replay_joins_both_takes(stage: LiveStage) -> None:
    live = await stage.live()

    def filmed_beside(known: set[Path]) -> Callable[[], Awaitable[bool]]:
        """Where sound comes long before the first key frame, a file of sound goes before the film."""
        async def so() -> bool:
            return any(one.stat().st_size > 20_000 for one in films(stage) - known) and await parts_of(stage, live) > 2

        return so

    async with AsyncExitStack() as another:
        async with stage.encoder(live):
            await stage.until(filmed_beside(set()))
            await stage.studio.kill()
            first = films(stage)
            await another.enter_async_context(studio(stage.hub.settings.media_folder))
            await stage.until(filmed_beside(first))
        await stage.ask(c.StopLive(id=uuid4(), live=live))
        recording = await kept(stage, live)
        page = await stage.told(f"/api/lives/{live}")
        _, replay, _ = await stage.get(page["play"])
    assert replay.count(b"#EXT-X-DISCONTINUITY\n") >= 1
    assert {line for line in replay.decode().splitlines() if line.endswith(".mp4")} == {"replay-0.mp4", "replay-1.mp4"}
    seen = [file for file in recording["files"] if file["role"] != "mic"]
    assert sorted(file["role"] for file in seen) == ["camera", "camera", "programme", "programme"]
    for file in seen:
        status, body, _ = await stage.get(file["url"], stage.as_operator)
        assert (status, pictures(body) > 10, file["problem"]) == (200, True, "")


async def test_a_full_disk_is_told_to_the_operator_and_viewers_watch_on(dsn: str, tmp_path: Path) -> None:
    async with on_stage(dsn, tmp_path, *SMALL_DISK) as stage:
        live = await stage.live()

        async def told() -> Any:
            [row] = await stage.see("live", live=str(live))
            return row["trouble"]

        async with stage.encoder(live):
            assert "磁盘已满" in await stage.until(told)
            before = await parts_of(stage, live)

            async def goes_on() -> bool:
                return await parts_of(stage, live) > before

            await stage.until(goes_on)
            [row] = await stage.see("recordings")
            assert "磁盘已满" in row["why"]
        await stage.ask(c.StopLive(id=uuid4(), live=live))
        recording = await kept(stage, live)
        assert "磁盘已满" in recording["why"]
        assert {file["problem"] for file in recording["files"] if file["role"] == "camera"} == {"disk-full"}
        for file in (one for one in recording["files"] if one["role"] != "mic"):
            assert pictures((await stage.get(file["url"], stage.as_operator))[1]) > 5
