"""Who is in which room, and what each room was told lately. A listener of the bus."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from hub.bus.port import Bus
from hub.gateway.live import frames, packets
from hub.gateway.live.connection import Connection
from hub.gateway.live.history import History
from hub.gateway.live.sessions import Kept
from hub.wire.words import AT, LATEST, SIGNAL, TELL

NEWEST = 10_000
"""Rooms of which the newest frame is kept for who comes back."""

NO_NUMBER = "~"
"""Said back by a client, this is no position: what it was told last has no place in the order yet."""


class Rooms:
    """`renewed_at` is told the number after which a new epoch begins; `missed`, whom something never reached."""

    def __init__(
        self, bus: Bus, guests: Mapping[str, Connection], renewed_at: Callable[[int], None], missed: Callable[[Connection], None],
    ) -> None:
        self.history = History()
        self.count = 0
        """Frames written."""
        self._bus, self._guests, self._renewed_at, self._missed = bus, guests, renewed_at, missed
        self._members: dict[str, dict[Connection, None]] = {}
        self._newest: dict[str, bytes] = {}
        self._unsure = False
        """Something was told here that has no number yet: nobody can say what he has missed."""
        bus.listen(self)
        if bus.tells_all:
            self.history.everything_from(bus.number)

    # --- coming and going -------------------------------------------------------------------------

    async def follow(self, room: str) -> None:
        """Before a snapshot is read: what changes after it will be told here. Then `join` or `let_go`."""
        await self._bus.follow((room,))

    def let_go(self, room: str) -> None:
        self._bus.unfollow((room,))

    def join(self, connection: Connection, room: str) -> bool:
        """False: it was there already."""
        if room in connection.rooms:
            self.let_go(room)
            return False
        self._members.setdefault(room, {})[connection] = None
        connection.rooms[room] = self._bus.number
        return True

    def leave(self, connection: Connection, room: str) -> bool:
        if connection.rooms.pop(room, None) is None:
            return False
        self._remove(connection, room)
        self.let_go(room)
        return True

    def leave_all(self, connection: Connection) -> None:
        """They stay written down in his session."""
        for room in connection.rooms:
            self._remove(connection, room)
        self._bus.unfollow(connection.rooms)

    def _remove(self, connection: Connection, room: str) -> None:
        members = self._members.get(room)
        if members is not None:
            members.pop(connection, None)
            if not members:
                del self._members[room]

    def members(self, room: str) -> list[Connection]:
        return list(self._members.get(room, ()))

    # --- coming back ------------------------------------------------------------------------------

    async def gather(self, kept: Kept, offset: str) -> int | None:
        """Brings what was told in his rooms since he was here last. The rooms are followed from now on,
        until `come_back` or `stay_away`. Returns the number he had reached; None: nobody can say."""
        since = self.history.claimed(offset) if offset else kept.since
        await self._bus.follow(kept.rooms, reaching=since or 0)
        if since is None or since > self._bus.number or self._unsure:
            return None
        await self._fill(self.history.lacking(kept.rooms, since))
        return since

    async def _fill(self, lacking: Mapping[str, int]) -> None:
        if not lacking:
            return
        at = time.monotonic()
        for room, found in (await self._bus.fill(lacking)).items():
            if found is not None:
                self.history.fill(room, lacking[room], [(number, self._frame(payload, number)) for number, payload in found], at)

    def missed(self, kept: Kept, since: int | None) -> list[bytes] | None:
        """Nothing is awaited from here until he is in his rooms again. None: something may be missing."""
        if since is None or self._unsure:
            return None
        found = self.history.missed(kept.rooms, since)
        newest = [self._newest[room] for room in kept.rooms if room in self._newest] if self._newest else []
        return found if found is None or not newest else found + newest

    def come_back(self, connection: Connection) -> None:
        for room in connection.rooms:
            self._members.setdefault(room, {})[connection] = None

    def stay_away(self, kept: Kept) -> None:
        self._bus.unfollow(kept.rooms)

    def restore(self, begin: int, told: Iterable[tuple[str, int, bytes]], at: float) -> None:
        """What an earlier life of this hub told, everything after `begin`."""
        self.history.everything_from(begin)
        for room, number, payload in told:
            self.history.keep(room, number, self._frame(payload, number), at)

    # --- the past of one room ---------------------------------------------------------------------

    def here(self) -> str:
        return "" if self._unsure else self.history.offset(self._bus.number)

    async def since(self, room: str, offset: str) -> list[bytes] | None:
        """The room is followed."""
        number = self.history.claimed(offset)
        if number is None or number > self._bus.number or self._unsure:
            return None
        await self._fill(self.history.lacking({room: number}, number))
        frames = self.history.missed({room: number}, number)
        return None if frames is None or self._is_unsure() else [payload_of(frame) for frame in frames]

    def _is_unsure(self) -> bool:
        return self._unsure

    # --- what the bus tells -----------------------------------------------------------------------

    def told(self, room: str, number: int, payload: bytes, *, given: bool = False) -> None:
        """`payload` is JSON. Encoded once; the same bytes to every member; kept for who is cut off."""
        frame = self._frame(payload, number or NO_NUMBER)
        self._unsure = self._unsure or not number
        if number:
            self.history.keep(room, number, frame, time.monotonic())
        if given:
            return
        if self._unsure:
            frame = self._frame(payload, NO_NUMBER)
        members = self._members.get(room)
        if members:
            for connection in list(members):
                connection.write(frame)
            self.count += len(members)

    def _frame(self, payload: bytes, number: int | str) -> bytes:
        return frames.frame(frames.TEXT, b'42["%b",%b,"%b"]' % (TELL_NAME, payload, self.history.offset(number).encode()))

    def signalled(self, room: str, payload: bytes) -> None:
        """No offset, not in the history; a slow reader misses it, but for the newest of a room in which
        only that counts."""
        members = self._members.get(room, {})
        if room.startswith(LATEST):
            frame = frames.frame(frames.TEXT, b'42["%b",%b,null]' % (TELL_NAME, payload))
            self._keep_newest(room, frame)
            for connection in list(members):
                connection.offer_newest(room, frame)
        else:
            frame = frames.frame(frames.TEXT, b'42["%b",%b]' % (SIGNAL_NAME, payload))
            for connection in list(members):
                connection.offer(frame)
        self.count += len(members)

    def _keep_newest(self, room: str, frame: bytes) -> None:
        self._newest.pop(room, None)
        self._newest[room] = frame
        if len(self._newest) > NEWEST:
            del self._newest[next(iter(self._newest))]

    def renewed(self, epoch: str, number: int) -> None:
        self.history.renew(epoch, number)
        self._renewed_at(number)
        self._unsure = bool(self._guests)

    def ordered(self, number: int) -> None:
        """Who was told without a number learns how far he is."""
        if self._unsure:
            self._unsure = False
            frame = packets.event(AT, self.history.offset(number))
            for connection in list(self._guests.values()):
                connection.write(frame)

    def followed(self, room: str, whole: int) -> None:
        self.history.follow(room, whole)

    def unfollowed(self, room: str) -> None:
        self.history.unfollow(room)

    def broken(self, rooms: Mapping[str, int]) -> None:
        for room, number in rooms.items():
            self.history.broken(room, number)
            for connection in self.members(room):
                self._missed(connection)


TELL_NAME, SIGNAL_NAME = TELL.encode(), SIGNAL.encode()
TELLS = b'42["%b",' % TELL_NAME


def payload_of(frame: bytes) -> bytes:
    return frame[frame.index(TELLS) + len(TELLS):frame.rindex(b',"')]
