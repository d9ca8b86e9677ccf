"""Calls, put together: what runs for them beside the desk, and what the hub tells of lines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from hub.desk import Desk
from hub.gateway.legs import Legs, leg_stream
from hub.kernel.clock import Clock
from hub.media import Media
from hub.presence.port import Presence, Seen
from hub.record import Database
from hub.settings import Settings
from hub.telling import Teller
from hub.vendors import build_phones
from media.calls.hosting import Ticking
from media.calls.legs import Dialer, Sound
from media.calls.playing import Playing
from media.calls.projection import CALL, LINES, TICK
from media.ports import PhoneLegs

Work = Callable[[], Awaitable[None]]
LINED = ("station:", "account:")
"""Whose coming and going changes the colour of a line that dispatchers watch."""


@dataclass(frozen=True, kw_only=True)
class CallWorks:
    on: bool
    playing: Playing
    ticking: Ticking
    phones: PhoneLegs | None
    dialer: Dialer | None
    legs: Legs

    def once(self) -> dict[str, Work]:
        """What the leading process does."""
        telephones = {"telephones": self.dialer.run} if self.dialer else {}
        return {"files in calls": self.playing.run, **telephones} if self.on else {}

    @property
    def by_kind(self) -> dict[str, Any]:
        return {TICK: self.ticking.pass_time}

    @property
    def hooks(self) -> dict[str, Any]:
        return dict(self.phones.hooks) if self.phones else {}

    def routes(self) -> list[Any]:
        return self.legs.routes()

    async def close(self) -> None:
        if self.phones:
            await self.phones.close()


def calls_of(
    media: Media, db: Database, desk: Desk, teller: Teller, presence: Presence, clock: Clock, settings: Settings, *, key: bytes, files: Path,
) -> CallWorks:
    """`files`: of uploads."""
    playing = Playing(db, media.engine, media.studio, desk.ask, files=files, made=settings.data.absolute() / "playable",
                      data=settings.data.absolute(), clock=clock)
    teller.hear(CALL, lambda _key: playing.wake.ring())

    async def ended(leg: UUID, why: str) -> None:
        if dialer:
            await dialer.ended(leg, why)

    phones = build_phones(settings, ended)
    dialer = Dialer(db, desk.ask, phones, lambda leg: leg_stream(settings.url, phones.vendor, key, leg), clock) if phones else None
    if dialer:
        teller.hear(CALL, lambda _key: dialer.wake.ring())

    def seen(seen: Seen) -> None:
        if seen.ref.startswith(LINED):
            teller.touch([(LINES, seen.ref)])

    presence.on_change(seen)
    sound = Sound(db, desk.ask, media.engine, media.studio, clock)
    return CallWorks(on=media.on, playing=playing, ticking=Ticking(desk.ask, clock), phones=phones, dialer=dialer,
                     legs=Legs(sound, {phones.vendor: phones} if phones else {}, key))
