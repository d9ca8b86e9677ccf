"""Calls, put together: what runs for them beside the desk, and what the hub tells of lines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.desk import Desk
from hub.kernel.clock import Clock
from hub.media import Media
from hub.presence.port import Presence, Seen
from hub.record import Database
from hub.telling import Teller
from media.calls.hosting import Ticking
from media.calls.playing import Playing
from media.calls.projection import CALL, LINES, TICK

Work = Callable[[], Awaitable[None]]
LINED = ("station:", "account:")
"""Whose coming and going changes the colour of a line that dispatchers watch."""


@dataclass(frozen=True, kw_only=True)
class CallWorks:
    on: bool
    playing: Playing
    ticking: Ticking

    def once(self) -> dict[str, Work]:
        """What the leading process does."""
        return {"files in calls": self.playing.run} if self.on else {}

    @property
    def by_kind(self) -> dict[str, Any]:
        return {TICK: self.ticking.pass_time}


def calls_of(
    media: Media, db: Database, desk: Desk, teller: Teller, presence: Presence, clock: Clock, *, files: Path, data: Path,
) -> CallWorks:
    """`files`: of uploads; `data`: below which what was prepared for playing is kept."""
    playing = Playing(db, media.engine, media.studio, desk.ask, files=files, made=data / "playable", clock=clock)
    teller.hear(CALL, lambda _key: playing.wake.ring())

    def seen(seen: Seen) -> None:
        if seen.ref.startswith(LINED):
            teller.touch([(LINES, seen.ref)])

    presence.on_change(seen)
    return CallWorks(on=media.on, playing=playing, ticking=Ticking(desk.ask, clock))
