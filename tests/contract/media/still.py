"""A packet switch without packets: it remembers what it was asked to do, and a test plays what it would see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from media.plane.words import Joined, Line, Listener, SourceFigures, Stats


@dataclass
class StillLocal:
    sent: list[bytes] = field(default_factory=list)
    closed: bool = False

    def send(self, payload: bytes, timestamp_step: int, marker: bool = False) -> None:
        self.sent.append(payload)

    def close(self) -> None:
        self.closed = True


def offer(*lines: str) -> str:
    """Of a client: `mic camera hear hear watch`, by mid from 0."""
    return " ".join(lines)


class StillSwitch:
    hears: Listener

    def __init__(self) -> None:
        self.links: dict[str, str] = {}
        self.closed: set[str] = set()
        self.gated: list[tuple[str, bool]] = []
        self.rates: dict[str, int] = {}
        self.left: list[str] = []
        self.locals: dict[str, StillLocal] = {}
        self.key_frames: list[str] = []
        self.sinks: defaultdict[str, list[Callable[[bytes], None]]] = defaultdict(list)

    async def join(self, peer: str, offer: str, roles: Mapping[str, str] = {}) -> Joined:
        lines = []
        for mid, word in enumerate(offer.split()):
            kind = "audio" if word in ("mic", "hear") else "video"
            sends = word not in ("hear", "watch")
            lines.append(Line(mid=str(mid), kind=kind, sends=sends, hears=not sends, role=word if sends else "", codec="opus"))
        return Joined(answer="v=0", lines=tuple(lines))

    def leave(self, peer: str, why: str = "") -> None:
        self.left.append(peer)
        self.links = {outlet: source for outlet, source in self.links.items() if not outlet.startswith(f"{peer}/")}

    def link(self, source: str | None, outlet: str) -> None:
        if source:
            self.links[outlet] = source
        else:
            self.links.pop(outlet, None)

    def gate(self, source: str, open: bool) -> None:
        self.gated.append((source, open))
        (self.closed.discard if open else self.closed.add)(source)

    def local(self, source: str, kind: str) -> StillLocal:
        self.locals[source] = StillLocal()
        return self.locals[source]

    def tap(self, source: str, sink: Callable[[bytes], None]) -> Callable[[], None]:
        self.sinks[source].append(sink)
        return lambda: self.sinks[source].remove(sink)

    def bitrate(self, source: str, bps: int) -> None:
        self.rates[source] = bps

    def key_frame(self, source: str) -> None:
        self.key_frames.append(source)

    def stats(self) -> Stats:
        counted = SourceFigures(kind="audio", codec="opus", packets=1, octets=1, lost=0, repaired=0, rejected=0, outlets=0)
        return Stats(peers={}, sources=msgspec.convert({}, dict[str, SourceFigures]) | {"": counted}, received=7, sent=8, dropped=0, strangers=0,
                     nacks=0, resent=0, key_frames=0, fan_out="python")
