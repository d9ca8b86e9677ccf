"""What happens by the clock: asking again, handshakes, reports. One timer for everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from media.plane.board import Board
from media.plane.door import Door
from media.plane.peer import Peer
from media.plane.track import Track

TICK = 0.02
CALM = 5
"""Ticks that are one where nothing is missing: whom a timer wakes for nothing it costs as much as a voice."""
BUCKETS = 50
"""Everybody's reports are due once in so many ticks, each at a moment of his own."""
NEVER = 20.0
"""Seconds in which a client must have come after its offer was answered."""
SILENT = 10.0
"""Browsers check every 2.5 s, aiortc every 5 to 6."""


class Rounds:
    def __init__(self, loop: asyncio.AbstractEventLoop, board: Board, door: Door,
                 down: Callable[[Peer, str], None]) -> None:
        self._loop = loop
        self._board = board
        self._door = door
        self._down = down
        self._buckets: list[list[Peer]] = [[] for _ in range(BUCKETS)]
        self._turn = 0
        self._seen = loop.time()
        """Until when buckets have had their turn."""
        self._calm = False
        self._timer = loop.call_later(TICK, self._tick)

    def close(self) -> None:
        self._timer.cancel()

    def enter(self, peer: Peer) -> None:
        min(self._buckets, key=len).append(peer)

    def exit(self, peer: Peer) -> None:
        for bucket in self._buckets:
            if peer in bucket:
                bucket.remove(peer)

    def repair(self) -> None:
        """Asks for what is missing, at once when it is noticed and again at each tick."""
        for track in list(self._board.holes):
            self._ask(track)
        if self._calm and self._board.holes:
            self._next()

    def _ask(self, track: Track) -> None:
        reception = track.reception
        before = reception.lost
        sender = track.sender
        if isinstance(sender, Peer):
            sender.ask_again(track)
        if reception.lost > before and track.pictures:
            track.want_key_frame()
        if not reception.missing:
            self._board.holes.discard(track)

    def _tick(self) -> None:
        now = self._board.now = self._loop.time()
        self._calm = False
        self._door.again()
        self.repair()
        for track in list(self._board.starved):
            track.want_key_frame()
        for _ in range(self._turns(now)):
            self._turn = (self._turn + 1) % BUCKETS
            for peer in list(self._buckets[self._turn]):
                self._see_to(peer, now)
        self._next()

    def _turns(self, now: float) -> int:
        """Since the last tick; after a pause of the process it goes on from now."""
        turns = round((now - self._seen) / TICK)
        self._seen = self._seen + turns * TICK if turns <= BUCKETS else now
        return min(turns, BUCKETS)

    def _next(self) -> None:
        self._timer.cancel()
        self._calm = not (self._board.holes or self._board.starved)
        self._timer = self._loop.call_later(TICK * (CALM if self._calm else 1), self._tick)

    def _see_to(self, peer: Peer, now: float) -> None:
        if peer.shield is None:
            if now - peer.since > NEVER:
                self._down(peer, "never")
        elif peer.silent_for(now) > SILENT:
            self._down(peer, "silent")
        else:
            peer.report()
