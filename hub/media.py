"""Voice and picture, put together: the plane's engine, the hosts of rooms, and what passes between them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hub.bus.port import Bus
from hub.desk import Desk
from hub.figures import Measures
from hub.gateway.media import IceServer, MediaDoor
from hub.kernel.actor import SYSTEM
from hub.kernel.clock import Clock
from hub.record import Database
from hub.settings import Settings
from hub.spoke import Spoke
from hub.telling import Teller
from media.calls.hosting import Hosting
from media.engine import Engine
from media.floor_spoke import FloorDesk, turn_command
from media.hosts import Hosts
from media.live.hosting import LiveRooms
from media.meetings.forgotten import Forgotten, connected
from media.meetings.hosting import MEETING_ROOMS
from media.meetings.projection import LOOK
from media.no_engine import NoEngine
from media.plane_engine import PlaneEngine
from media.reports import Reports
from media.room_views import RoomViews
from media.settling import Settling
from media.studio_line import StudioLine
from media.wires import FloorTurn

Work = Callable[[], Awaitable[None]]

LOOK_SECONDS = 5.0
FIGURES = {
    "peers": "Connections to the media plane", "rooms": "Rooms of the media plane", "received": "Packets received by the media plane",
    "sent": "Packets sent by the media plane", "dropped": "Packets that could not be sent", "strangers": "Datagrams that belong to nobody",
    "nacks": "Packets asked for again by viewers", "resent": "Packets sent again", "key_frames": "Key frames asked of senders",
    "floor_grants": "Times the floor was granted", "playing": "Files that play", "taps": "Rooms that are recorded",
    "tap_dropped": "Packets that the studio did not take",
}


def engine_of(settings: Settings) -> Engine:
    return PlaneEngine(settings.media_folder / "plane.sock") if settings.media else NoEngine()


def media_spokes(engine: Engine, hosts: Hosts, db: Database) -> tuple[Spoke, Spoke]:
    return FloorDesk(engine, hosts, db).spoke(), RoomViews(engine, hosts).spoke()


@dataclass(frozen=True, kw_only=True)
class Media:
    on: bool
    engine: Engine
    studio: StudioLine
    hosts: Hosts
    settling: Settling
    reports: Reports
    door: MediaDoor
    by_kind: Mapping[str, Callable[[Any], Awaitable[None]]]
    """Errands, by kind of job."""
    figures: dict[str, float] = field(default_factory=dict)
    """Of the plane, a few seconds old; one plane serves all processes, and each of them says the same."""

    def everywhere(self) -> dict[str, Work]:
        """What every process does."""
        if not self.on:
            return {}
        return {"plane": self.engine.run, "studio": self.studio.run, "rooms": self.settling.run, "figures of the plane": self._look}

    def once(self) -> dict[str, Work]:
        """What the leading process does."""
        return {"rooms, again": self.settling.restate, "what the plane tells": self.reports.run} if self.on else {}

    def measures(self) -> Measures:
        if not self.on:
            return {}
        own: Measures = {
            "hub_media_away": ("Whether the media plane does not answer", lambda: float(self.engine.away)),
            "hub_media_listeners": ("Listeners over a WebSocket", self.door.listeners.count),
        }
        return {**own} | {f"hub_media_{name}": (words, partial(self._figure, name)) for name, words in FIGURES.items()}

    def _figure(self, name: str) -> float:
        return self.figures.get(name, 0.0)

    async def _look(self) -> None:
        while True:
            self.figures.update(await self.engine.figures())
            await asyncio.sleep(LOOK_SECONDS)

    def routes(self) -> list[Any]:
        return self.door.routes()


def media_of(settings: Settings, engine: Engine, hosts: Hosts, db: Database, desk: Desk, teller: Teller, bus: Bus, clock: Clock) -> Media:
    hosts.add(Hosting(db, desk.ask, engine, clock).host(), MEETING_ROOMS, LiveRooms(clock).host)
    settling = Settling(db, engine, hosts)
    for host in hosts.all:
        teller.hear(host.view, partial(settling.touch, host))

    async def record(turn: FloorTurn) -> Any:
        return await desk.ask(turn_command(turn), SYSTEM)

    return Media(
        on=settings.media, engine=engine, studio=StudioLine(settings.media_folder), hosts=hosts, settling=settling,
        reports=Reports(engine, hosts, bus, teller.touch, record), door=MediaDoor(engine, hosts, db, ice_servers(settings.turn)),
        by_kind={LOOK: Forgotten(db, desk.ask, connected(engine), clock).look})


def ice_servers(turn: tuple[str, ...]) -> tuple[IceServer, ...]:
    if not turn:
        return ()
    user, secret = turn[1:] if len(turn) == 3 else ("", "")
    return (IceServer(urls=(turn[0],), username=user, credential=secret),)
