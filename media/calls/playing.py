"""What plays into calls: files that an operator plays, and music for who is kept waiting. The calls say what; it is stated to the
plane whenever something changes or begins anew. The leading process does, and each playing has a name of its own, so that
stating it twice plays it once.

A file plays as soon as somebody who was called hears it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import structlog

from hub.kernel.clock import Clock
from hub.kernel.errors import Refused, TryAgain
from hub.kernel.ids import uuid7
from hub.record import Bell, Database
from hub.record.bell import heard
from media.calls.hosting import Ask, room_of, say
from media.calls.messages.commands import SeePlayEnded
from media.calls.store import Q
from media.calls.tune import music
from media.engine import Engine
from media.live.ports import Studio
from media.wires import Boot, PlayEnded, Told
from media.wires_studio import Prepare, Prepared

log = structlog.get_logger()

LOOKS = 2.0
"""Seconds after which it looks anyway."""
PREPARED_WITHIN = 60.0


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """`file` None: the music. `to` (): everybody."""

    call: UUID
    file: UUID | None = None
    path: Path
    loop: bool
    to: tuple[str, ...] = ()


class Playing:
    """`files`: where uploads stand; `made`: where their Opus frames are kept; `data`: where an own recording for the music may be."""

    def __init__(
        self, db: Database, engine: Engine, studio: Studio, ask: Ask, *, files: Path, made: Path, data: Path, clock: Clock,
    ) -> None:
        self._db, self._engine, self._studio, self._ask, self._clock = db, engine, studio, ask, clock
        self._files, self._made, self._data = files, made, data
        self.wake = Bell()
        self.begun: dict[str, Piece] = {}
        """By the plane's name for the playing."""
        self._ended: list[str] = []
        self._prepared: dict[Path, Prepared] = {}

    async def run(self) -> None:
        self.begun.clear()
        self._engine.hear(self._told)
        music_at = await asyncio.to_thread(music, self._data, self._made)
        unsure = True
        try:
            while True:
                ringing = self.wake.listen()
                try:
                    await self._agree(music_at, everywhere=unsure)
                    unsure = False
                except TryAgain as away:
                    log.info("playing waits", why=away.en)
                await heard(ringing, LOOKS)
        finally:
            self._engine.stop_hearing(self._told)

    def _told(self, told: Told) -> None:
        if isinstance(told, Boot):
            self.begun.clear()
        elif isinstance(told, PlayEnded):
            if told.why == "ended":
                self._ended.append(told.playing)
        else:
            return
        self.wake.ring()

    async def _agree(self, music_at: Path, *, everywhere: bool) -> None:
        """`everywhere`: another process led before, and may have begun what nobody wants any more."""
        await self._over()
        wanted, names = await self._wanted(music_at)
        for name in [name for name in (names if everywhere else self.begun) if name not in wanted]:
            self.begun.pop(name, None)
            await _unless_gone(self._engine.stop_play, name)
        for name, piece in wanted.items():
            if self.begun.get(name) != piece:
                await self._begin(name, piece)

    async def _wanted(self, music_at: Path) -> tuple[Mapping[str, Piece], list[str]]:
        """What should play, and the names of all that could."""
        async with self._db.read() as conn:
            files, kept = await conn.fetch(Q["playing"]), await conn.fetch(Q["kept_waiting"])
            names = [name for row in await conn.fetch(Q["open_calls"]) for name in (file_in(row["id"]), music_in(row["id"]))]
        wanted = {file_in(row["id"]): Piece(call=row["id"], file=row["file"], path=self._files / row["original"], loop=row["looping"])
                  for row in files}
        return wanted | {music_in(row["id"]): Piece(call=row["id"], path=music_at, loop=True, to=tuple(row["refs"])) for row in kept}, names

    async def _over(self) -> None:
        ended, self._ended = self._ended, []
        for name in ended:
            piece = self.begun.pop(name, None)
            if piece is not None:
                await self._say_ended(piece)

    async def _begin(self, name: str, piece: Piece) -> None:
        try:
            made = await self._frames(piece)
            await self._engine.play(room_of(piece.call), made.sha256, Path(made.path), loop=piece.loop, to=piece.to, name=name)
        except Refused as refusal:
            log.warning("not played", call=str(piece.call), why=refusal.en)
            self._prepared.pop(piece.path, None)
            await self._say_ended(piece)
        self.begun[name] = piece

    async def _frames(self, piece: Piece) -> Prepared:
        """The music is prepared once."""
        if piece.path in self._prepared:
            return self._prepared[piece.path]
        made = await self._studio.ask(Prepare(path=str(piece.path), target=str(self._made)), Prepared, PREPARED_WITHIN)
        if piece.file is None:
            self._prepared[piece.path] = made
        return made

    async def _say_ended(self, piece: Piece) -> None:
        if piece.file is not None:
            await say(self._ask, SeePlayEnded(id=uuid7(self._clock.now()), call=piece.call, file=piece.file))


def file_in(call: UUID) -> str:
    return f"file-{call.hex}"


def music_in(call: UUID) -> str:
    return f"hold-{call.hex}"


async def _unless_gone(stop: Callable[[str], Any], playing: str) -> None:
    try:
        await stop(playing)
    except Refused as gone:
        log.debug("was not playing any more", why=gone.en)
