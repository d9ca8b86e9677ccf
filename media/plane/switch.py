"""The packet switch: who is connected, which track plays in which slot.

Everything is synchronous on the loop's thread, but `open`, `close` and `join`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from media.plane.words import Joined, Listener, LocalSource, Outlet, Source, Stats


class Switch:
    def __init__(self, hears: Listener) -> None:
        self.hears = hears

    async def open(self, host: str, port: int, public: Sequence[str] = (), tcp: bool = True) -> int:
        """One UDP port (and the same one over TCP) for everybody; 0 takes a free one. The port."""
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    async def join(self, peer: str, offer: str, roles: Mapping[str, str] = {}) -> Joined:
        """One PeerConnection per participant; the client offers, nothing trickles. The same peer again
        replaces its connection and keeps its links. Raises Malformed or Refused."""
        raise NotImplementedError

    def leave(self, peer: str, why: str = "") -> None:
        """Its connection, tracks, slots, gates and links are gone."""
        raise NotImplementedError

    def link(self, source: Source | None, outlet: Outlet) -> None:
        """What this slot plays; None: nothing. Either may still have to come: the link waits for it."""
        raise NotImplementedError

    def gate(self, source: Source, open: bool) -> None:
        """Closed: its packets are dropped before they are decrypted. Open to begin with."""
        raise NotImplementedError

    def local(self, source: Source, kind: str) -> LocalSource:
        """Ready Opus frames enter like a track; `leave(source)` ends it."""
        raise NotImplementedError

    def tap(self, source: Source, sink: Callable[[bytes], None]) -> Callable[[], None]:
        """Decrypted RTP packets as they come, repaired ones late (their sequence number says where they
        belong). May be asked before the source comes. The answer ends it."""
        raise NotImplementedError

    def bitrate(self, source: Source, bps: int) -> None:
        """What its sender is asked not to exceed (REMB)."""
        raise NotImplementedError

    def key_frame(self, source: Source) -> None:
        """Asks the sender, at most every 500 ms."""
        raise NotImplementedError

    def stats(self) -> Stats:
        raise NotImplementedError
