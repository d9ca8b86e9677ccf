"""The rooms of live meetings that an encoder publishes into (WHIP): who may enter, and how they should be."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.record import Connection, load_sql
from media.live.projection import HOSTED
from media.live.watching import Shown, admitted, places_of, runs_it, shown_live
from media.live.words import PLAN_FORGOTTEN, ROOM_KIND, LiveState, seat_of_viewers
from media.names import main_room
from media.ports import Admission, RoomHost
from media.shapes import Allowed, RoomWish

Q = load_sql(__package__)

RUNS = Allowed(hear=True, talk=True, show=True)
PUBLISHES = Allowed(hear=False, talk=True, show=True)
WATCHES = Allowed(hear=True, talk=False, show=False, hidden=True)


class LiveRooms:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def admits(self, conn: Connection, room: str, actor: Actor) -> Admission | None:
        """Who runs it publishes; who may watch it takes pictures only (walls, by WHEP)."""
        which = live_of(room)
        live = await shown_live(conn, which, self._clock.now()) if which else None
        if live is None or live.room != room:
            return None
        if runs_it(live, actor):
            return Admission(ref=actor.id, name=actor.name, allowed=RUNS)
        if live.state is not LiveState.LIVE or not admitted(live, actor, await places_of(conn, actor), linked=False):
            return None
        return watches(live, actor.name)

    async def wish(self, conn: Connection, room: str) -> RoomWish | None:
        found = await conn.fetch(Q["own_rooms"], self._clock.now() - PLAN_FORGOTTEN, main_room(room))
        return RoomWish(room=room, version=found[0]["version"], loudest=1, others=PUBLISHES) if found else None

    async def rooms(self, conn: Connection) -> Sequence[str]:
        return [row["room"] for row in await conn.fetch(Q["own_rooms"], self._clock.now() - PLAN_FORGOTTEN, None)]

    @property
    def host(self) -> RoomHost:
        return RoomHost(kind=ROOM_KIND, view=HOSTED, admits=self.admits, wish=self.wish, rooms=self.rooms)


def watches(live: Shown, name: str) -> Admission:
    """Bound to the meeting's epoch: who was let in before it was closed to somebody is let go."""
    return Admission(ref=seat_of_viewers(live.epoch), name=name, allowed=WATCHES)


def live_of(room: str) -> UUID | None:
    kind, _, which = room.partition(":")
    try:
        return UUID(which) if kind == ROOM_KIND else None
    except ValueError:
        return None
