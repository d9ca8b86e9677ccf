"""Live meetings, put together: what runs in plane and studio, what follows who speaks, what is given out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.desk import Desk
from hub.gateway.lives import Lives
from hub.gateway.whip import Whip
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.media import Media
from hub.record import Connection, Journal
from hub.telling import Teller
from media.hosts import Hosts
from media.live.attending import Attending, Stands
from media.live.audience import Audience
from media.live.errands import Errands
from media.live.following import FloorTurns, Following, words_had
from media.live.projection import HOSTED, LIVES, RECORDINGS
from media.live.running import Running
from media.live.shelf import MemoryShelf
from media.live.sounds import PLAYS, Sounds
from media.live.streams import StreamDoor
from media.live.watching import Watching
from media.ports import Admission, Admits

Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class LiveWorks:
    on: bool
    running: Running
    following: Following
    attending: Attending
    audience: Audience
    errands: Errands
    sounds: Sounds
    door: Lives
    whip: Whip

    def routes(self) -> list[Any]:
        return [*self.door.routes(), *self.whip.routes()]

    def once(self) -> dict[str, Work]:
        """What the leading process does."""
        return {"live meetings": self.running.run, "who speaks": self.following.run, "recorded rooms": self.attending.run,
                "sounds in rooms": self.sounds.run} if self.on else {}

    def everywhere(self) -> dict[str, Work]:
        return {"viewers": self.audience.run} if self.on else {}

    @property
    def by_kind(self) -> Mapping[str, Any]:
        return self.errands.by_kind


def lives_of(
    media: Media, journal: Journal, desk: Desk, teller: Teller, clock: Clock, *, key: bytes, files: Path, data: Path, node: str,
) -> LiveWorks:
    """`files`: of uploads; `data`: below which recordings stand; `node`: which of several processes this is."""
    db = journal.database
    audience = Audience(db, clock, node, teller.touch)
    running = Running(db, media.engine, media.studio, socket=media.studio.taps, data=data, clock=clock, touch=teller.touch,
                      saw=audience.saw)
    for view in (HOSTED, RECORDINGS):
        teller.hear(view, lambda _key: running.wake.ring())
    sounds = Sounds(db, media.engine, media.studio, desk, files=files, made=data / "playable",
                    stands=stands(media.hosts), clock=clock)
    teller.hear(PLAYS, lambda _key: sounds.wake.ring())
    watching = Watching(db, key)
    door = Lives(db, watching, key, MemoryShelf(media.studio), audience, folder=files, data=data,
                 present=media.engine.present)
    teller.hear(LIVES, door.forget)
    return LiveWorks(
        on=media.on, running=running, following=Following(db, journal, desk, clock, (words_had, FloorTurns(journal, desk))),
        attending=Attending(db, desk, clock, stands(media.hosts)),
        audience=audience, errands=Errands(db, desk, media.studio, data, clock), sounds=sounds, door=door,
        whip=Whip(media.door, StreamDoor(db, watching)))


def stands(hosts: Hosts) -> Stands:

    async def open_now(conn: Connection, room: str) -> bool:
        host = hosts.of(room)
        return host is not None and await host.wish(conn, room) is not None

    return open_now


def enters(hosts: Hosts) -> Admits:
    """Whether the spoke that owns a room lets somebody in."""

    async def admits(conn: Connection, room: str, actor: Actor) -> Admission | None:
        host = hosts.of(room)
        return await host.admits(conn, room, actor) if host else None

    return admits
