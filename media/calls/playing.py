"""Files that play into calls: what the calls say, stated to the plane whenever it begins anew. The leading process does.

A file plays as soon as somebody who was called hears it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from hub.kernel.clock import Clock
from hub.kernel.errors import Refused, TryAgain
from hub.kernel.ids import uuid7
from hub.record import Bell, Database
from hub.record.bell import heard
from media.calls.hosting import Ask, room_of, say
from media.calls.messages.commands import SeePlayEnded
from media.calls.store import Q
from media.engine import Engine
from media.live.ports import Studio
from media.wires import Boot, PlayEnded, Told
from media.wires_studio import Prepare, Prepared

log = structlog.get_logger()

LOOKS = 2.0
"""Seconds after which it looks anyway."""
PREPARED_WITHIN = 60.0


class Playing:
    """`files`: where uploads stand; `made`: where their Opus frames are kept."""

    def __init__(self, db: Database, engine: Engine, studio: Studio, ask: Ask, *, files: Path, made: Path, clock: Clock) -> None:
        self._db, self._engine, self._studio, self._ask, self._clock = db, engine, studio, ask, clock
        self._files, self._made = files, made
        self.wake = Bell()
        self._begun: dict[UUID, tuple[UUID, str]] = {}
        """Call → (file, the plane's name for its playing)."""
        self._ended: list[str] = []

    async def run(self) -> None:
        self._begun.clear()
        self._engine.hear(self._told)
        try:
            while True:
                ringing = self.wake.listen()
                try:
                    await self._agree()
                except TryAgain as away:
                    log.info("playing waits", why=away.en)
                await heard(ringing, LOOKS)
        finally:
            self._engine.stop_hearing(self._told)

    def _told(self, told: Told) -> None:
        if isinstance(told, Boot):
            self._begun.clear()
        elif isinstance(told, PlayEnded):
            self._ended.append(told.playing)
        else:
            return
        self.wake.ring()

    async def _agree(self) -> None:
        await self._over()
        async with self._db.read() as conn:
            wanted = {row["id"]: row for row in await conn.fetch(Q["playing"])}
        for call, (file, playing) in list(self._begun.items()):
            if call not in wanted or wanted[call]["file"] != file:
                del self._begun[call]
                await _unless_gone(self._engine.stop_play, playing)
        for call, row in wanted.items():
            if call not in self._begun:
                await self._begin(call, row)

    async def _over(self) -> None:
        ended, self._ended = self._ended, []
        for call, (file, playing) in list(self._begun.items()):
            if playing in ended:
                del self._begun[call]
                await self._say_ended(call, file)

    async def _begin(self, call: UUID, row: Any) -> None:
        try:
            wish = Prepare(path=str(self._files / row["original"]), target=str(self._made))
            made = await self._studio.ask(wish, Prepared, PREPARED_WITHIN)
            playing = await self._engine.play(room_of(call), made.sha256, Path(made.path), loop=row["looping"])
        except Refused as refusal:
            log.warning("not played", call=str(call), why=refusal.en)
            await self._say_ended(call, row["file"])
        else:
            self._begun[call] = row["file"], playing

    async def _say_ended(self, call: UUID, file: UUID) -> None:
        await say(self._ask, SeePlayEnded(id=uuid7(self._clock.now()), call=call, file=file))


async def _unless_gone(stop: Callable[[str], Any], playing: str) -> None:
    try:
        await stop(playing)
    except Refused as gone:
        log.debug("was not playing any more", why=gone.en)
