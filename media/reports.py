"""What the plane tells, passed on by the leading process: rows and signals to who watches, facts to the host
of the room, turns on the floor to the journal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog

from hub.bus.port import Bus
from hub.kernel.errors import HubError, TryAgain
from hub.spoke import Touched
from hub.wire.codec import encode
from media.engine import Engine
from media.hosts import Hosts
from media.names import main_room
from media.ports import RoomHost
from media.room_views import FLOOR, ROOM, TILES, live_room, tiles_room
from media.wires import (
    Boot,
    FloorChanged,
    FloorNotice,
    FloorTurn,
    PeerChanged,
    PeerDown,
    PeerGone,
    PeerUp,
    PlayEnded,
    SourceDown,
    SourceUp,
    Speaking,
    Stated,
    TapLost,
    TilesChanged,
    Told,
)

log = structlog.get_logger()

FACTS = (PeerUp, PeerDown, SourceUp, SourceDown, FloorTurn, PlayEnded)
TRIES, PAUSE = 5, 0.5
WAITING = 10_000
"""Facts that may wait for their hosts; what is beyond is looked for in `begun`."""


class Reports:
    def __init__(
        self, engine: Engine, hosts: Hosts, bus: Bus, touch: Callable[[Iterable[Touched]], None],
        record: Callable[[FloorTurn], Awaitable[Any]],
    ) -> None:
        self._engine, self._hosts, self._bus, self._touch, self._record = engine, hosts, bus, touch, record
        self._shows: dict[type, Callable[[Any], None]] = {
            PeerChanged: lambda told: touch([(ROOM, told.state.peer)]),
            PeerGone: self._gone, FloorChanged: self._floor, Speaking: self._speaking, FloorNotice: self._notice,
            TilesChanged: self._tiled,
        }

    async def run(self) -> None:
        """While this process leads."""
        facts: asyncio.Queue[Told] = asyncio.Queue(WAITING)

        def hears(told: Told) -> None:
            shows = self._shows.get(type(told))
            if shows is not None:
                shows(told)
            elif isinstance(told, (*FACTS, Stated, TapLost)) and not facts.full():
                facts.put_nowait(told)

        self._engine.hear(hears)
        try:
            await self._begin()
            while True:
                await self._pass_on(await facts.get())
        finally:
            self._engine.stop_hearing(hears)

    async def _begin(self) -> None:
        """Somebody else led, or nobody: what has happened meanwhile is looked for."""
        for host in self._hosts.all:
            await _tried(host.begun)
        try:
            turns = await self._engine.turns()
        except TryAgain:
            return
        for turn in turns:
            await _tried(lambda turn=turn: self._record(turn))  # type: ignore[misc]

    async def _pass_on(self, told: Told) -> None:
        if isinstance(told, Stated | Boot):
            await self._begin()
            return
        if isinstance(told, FloorTurn):
            await _tried(lambda: self._record(told))
        hosts = self._hosts.all if isinstance(told, TapLost) else self._owner(told.room)  # type: ignore[union-attr]
        for host in hosts:
            await _tried(lambda host=host: host.told(told))  # type: ignore[misc]

    def _owner(self, room: str) -> tuple[RoomHost, ...]:
        host = self._hosts.of(room)
        return () if host is None else (host,)

    # --- to who watches ---------------------------------------------------------------------------

    def _gone(self, told: PeerGone) -> None:
        self._touch([(ROOM, told.peer)])
        self._signal(told.room, type="PeerGone", peer=told.peer, lost=told.lost)

    def _floor(self, told: FloorChanged) -> None:
        self._touch([(FLOOR, told.room)])
        self._signal(told.room, type="Floor", state=told.state)

    def _speaking(self, told: Speaking) -> None:
        self._signal(told.room, type="Speaking", peers=told.peers)

    def _notice(self, told: FloorNotice) -> None:
        self._signal(told.room, type="FloorNotice", peer=told.peer, cause=told.cause)

    def _tiled(self, told: TilesChanged) -> None:
        """To him whose slots they are, and to nobody else: a round of 73 has 73 of these at every change."""
        self._touch([(TILES, told.peer)])
        self._bus.signal(tiles_room(told.peer), encode({"type": "Tiles", "room": told.room, "peer": told.peer, "tiles": told.tiles}))

    def _signal(self, room: str, **words: Any) -> None:
        """Of a side room also to those who watch the main one: his place changes, what he watches does not."""
        payload = encode({"room": room, **words})
        for one in dict.fromkeys((room, main_room(room))):
            self._bus.signal(live_room(one), payload)


async def _tried(act: Callable[[], Awaitable[Any]]) -> None:
    """A fact that cannot be taken now is taken shortly; one that cannot be taken at all ends nothing."""
    for _ in range(TRIES):
        try:
            await act()
            return
        except TryAgain:
            await asyncio.sleep(PAUSE)
        except HubError as error:
            log.info("a fact was not taken", why=error.en)
            return
    log.warning("a fact was given up")
