"""What was told lately, so that who was cut off for a while gets exactly what he missed. Pure.

One order for the whole hub: every telling has a number. Of every room it is known from where on the
frames here are whole; what is forgotten is forgotten from the old end only, so a resumption is whole
or it is refused.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from heapq import merge
from operator import itemgetter

Told = tuple[int, bytes]
"""(number, frame)"""

FRAMES_SECONDS = 900.0
"""Longer than a cut can be resumed, and the time in which a cut is noticed: what runs out was heard by
whoever may still come back."""
MOST_BYTES = 64 * 2**20
ROOMS_KNOWN = 200_000


class Ring:
    __slots__ = ("frames", "whole")

    def __init__(self, whole: int) -> None:
        self.frames: deque[Told] = deque()
        self.whole = whole
        """Every frame of the room with a higher number is here."""


class History:
    """At most `most` bytes and `window` seconds of frames."""

    def __init__(self, *, window: float = FRAMES_SECONDS, most: int = MOST_BYTES) -> None:
        self.epoch = ""
        self._begin: int | None = None
        self._window, self._most, self._held = window, most, 0
        self._order: deque[tuple[float, str]] = deque()
        self._rings: dict[str, Ring] = {}

    def renew(self, epoch: str, number: int) -> None:
        """Nothing told before can be resumed from. Rooms followed stay followed."""
        self.epoch, self._held = epoch, 0
        self._order.clear()
        for ring in self._rings.values():
            ring.frames.clear()
            ring.whole = number

    def everything_from(self, number: int) -> None:
        """Also what is told in rooms that nobody follows comes here, since that number."""
        self._begin = number

    # --- what is told -----------------------------------------------------------------------------

    def follow(self, room: str, whole: int) -> None:
        """Every frame after `whole` will come."""
        self._rings[room] = Ring(whole)

    def unfollow(self, room: str) -> None:
        ring = self._rings.pop(room, None)
        if ring is not None:
            self._held -= sum(len(frame) for _, frame in ring.frames)

    def broken(self, room: str, number: int) -> None:
        """Something up to `number` never came."""
        if room in self._rings:
            self.unfollow(room)
            self.follow(room, number)

    def keep(self, room: str, number: int, frame: bytes, at: float) -> None:
        ring = self._ring(room)
        if ring is None:
            return
        ring.frames.append((number, frame))
        self._weigh(room, frame, at)

    def fill(self, room: str, since: int, frames: Iterable[Told], at: float) -> None:
        """All there is of the room after `since`, oldest first: what was missing is put in front."""
        ring = self._ring(room)
        if ring is None or ring.whole <= since:
            return
        missing = [told for told in frames if since < told[0] <= ring.whole]
        ring.whole = since
        ring.frames.extendleft(reversed(missing))
        for _, frame in missing:
            self._weigh(room, frame, at)

    def _ring(self, room: str) -> Ring | None:
        ring = self._rings.get(room)
        if ring is None and self._begin is not None:
            if len(self._rings) >= ROOMS_KNOWN:
                self._forget_rooms()
            ring = self._rings[room] = Ring(self._begin)
        return ring

    def _weigh(self, room: str, frame: bytes, at: float) -> None:
        self._order.append((at, room))
        self._held += len(frame)
        while self._order and (self._held > self._most or self._order[0][0] < at - self._window):
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, room = self._order.popleft()
        ring = self._rings.get(room)
        if ring is not None and ring.frames:
            ring.whole, frame = ring.frames.popleft()
            self._held -= len(frame)

    def _forget_rooms(self) -> None:
        """Rooms in which nothing is kept: known again from the highest of what they forgot."""
        empty = [room for room, ring in self._rings.items() if not ring.frames]
        self._begin = max([self._begin or 0, *(self._rings[room].whole for room in empty)])
        for room in empty:
            del self._rings[room]

    # --- what is asked ----------------------------------------------------------------------------

    def offset(self, number: int | str) -> str:
        """How a client says a number back."""
        return f"{self.epoch}.{number}"

    def last(self, room: str) -> int:
        """The number of the last telling; where none is remembered, one that no later telling has."""
        ring = self._rings.get(room)
        return 0 if ring is None else ring.frames[-1][0] if ring.frames else ring.whole

    def claimed(self, offset: str) -> int | None:
        """The number a client says it has seen last; None when it is none of this epoch's."""
        epoch, _, number = offset.rpartition(".")
        if epoch != self.epoch or not (number.isascii() and number.isdecimal()) or len(number) > 18:
            return None
        return int(number)

    def lacking(self, rooms: Mapping[str, int], since: int) -> dict[str, int]:
        """Rooms that are not whole after `since` (or after they were joined), and from where to fill them."""
        wanted = ((room, max(since, joined)) for room, joined in rooms.items())
        return {room: start for room, start in wanted if self._whole(room) > start}

    def missed(self, rooms: Mapping[str, int], since: int) -> list[bytes] | None:
        """Frames of these rooms (each with the number at which it was joined) after `since`, in
        order; None when some may be forgotten."""
        if self.lacking(rooms, since):
            return None
        parts = [found for room, joined in rooms.items() if (found := self._after(room, max(since, joined)))]
        if len(parts) == 1:
            return [frame for _, frame in parts[0]]
        return [frame for _, frame in merge(*parts, key=itemgetter(0))]

    def after(self, room: str, number: int, until: int) -> list[bytes]:
        """Frames of the room after `number` and not after `until`, as far as they are here."""
        return [frame for at, frame in self._after(room, number) if at <= until]

    def _whole(self, room: str) -> int:
        ring = self._rings.get(room)
        if ring is not None:
            return ring.whole
        return 2**63 if self._begin is None else self._begin

    def _after(self, room: str, number: int) -> Sequence[Told]:
        ring = self._rings.get(room)
        if ring is None or not ring.frames or ring.frames[-1][0] <= number:
            return ()
        found: list[Told] = []
        for told in reversed(ring.frames):
            if told[0] <= number:
                break
            found.append(told)
        found.reverse()
        return found
