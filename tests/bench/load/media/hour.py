"""One speaker and 73 stations for long: is anything lost where numbers and times wrap, does memory grow, does time drift?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pylibsrtp

from tests.bench.figure import Figure, at_least, at_most
from tests.bench.load.media import talkers
from tests.bench.load.media.caller import HEAD, Caller
from tests.bench.load.media.scenes import SETTLES, TALKER, VIEWER, Film, beside, come, leave
from tests.bench.load.media.servers import Plane
from tests.flows.plane.phone import OPUS

FIRST = 62_700
"""Number with which every stream begins, in and out: pictures wrap after 20 s, the voice after 57 s."""
WARM = 20.0
"""Seconds until memory is looked at first."""
NEAR_WRAP = 2**32 - 30 * 90_000
CLOCKS = (48_000, 90_000)
EDGE = 5.0
"""Seconds at the beginning and at the end whose quickest packets are compared."""
PAGE = 4096


@dataclass
class Stream:
    """What one viewer has of one track."""

    number: int
    stamp: int
    clock: int
    missing: int = 0
    wraps: int = 0
    early: float = float("inf")
    late: float = float("inf")
    """Least seconds from media time to arrival, of the beginning and of the end."""

    def take(self, number: int, stamp: int, at: float, last: bool) -> None:
        step = number - self.number & 0xFFFF
        self.missing += step - 1
        self.wraps += number < self.number
        self.stamp += (stamp - self.stamp + 2**31 & 0xFFFFFFFF) - 2**31
        self.number = number
        behind = at - self.stamp / self.clock
        if last:
            self.late = min(self.late, behind)
        else:
            self.early = min(self.early, behind)


class Station(Caller):
    """Keeps count of numbers and times; one that opens what comes proves that its key still fits."""

    def __init__(self, *directions: str, opens: bool = False) -> None:
        super().__init__(*directions)
        self.streams: dict[int, Stream] = {}
        self.opens, self.unopened = opens, 0
        self.since: float | None = None
        self.last = False
        """The end has come."""

    def _count(self, buffer: bytearray, size: int, at: float) -> None:
        self.packets += 1
        _, second, number, stamp, ssrc = HEAD.unpack_from(buffer)
        if self.opens:
            self._open_it(bytes(buffer[:size]))
        stream = self.streams.get(ssrc)
        if stream is None:
            self.since = self.since or at
            self.streams[ssrc] = Stream(number, stamp, CLOCKS[second & 0x7F != OPUS])
        elif self.last or (self.since is not None and at - self.since < EDGE):
            stream.take(number, stamp, at, self.last)
        else:
            self._between(stream, number, stamp)

    def _between(self, stream: Stream, number: int, stamp: int) -> None:
        stream.missing += (number - stream.number & 0xFFFF) - 1
        stream.wraps += number < stream.number
        stream.number = number
        stream.stamp += (stamp - stream.stamp + 2**31 & 0xFFFFFFFF) - 2**31

    def _open_it(self, packet: bytes) -> None:
        try:
            self._dtls._rx_srtp.unprotect(packet)
        except pylibsrtp.Error:
            self.unopened += 1


async def long(plane: Plane, film: Film, stations: int, minutes: float) -> list[Figure]:
    talker = Caller(*TALKER, first=FIRST)
    watchers = [Station(*VIEWER, opens=number == 0) for number in range(stations)]
    await plane.publish(talker, "film")
    async with beside(talkers.show(talker, film, base=NEAR_WRAP), talkers.alive([talker, *watchers])):
        await asyncio.sleep(SETTLES)
        await come(plane, watchers, "film")
        await asyncio.sleep(WARM)
        memory, cpu, began = resident(plane.pid), plane.cpu, perf_counter()
        await asyncio.sleep(max(1.0, 60 * minutes - WARM - EDGE))
        share, grown = (plane.cpu - cpu) / (perf_counter() - began), resident(plane.pid) - memory
        for one in watchers:
            one.last = True
        await asyncio.sleep(EDGE)
    leave([talker, *watchers])
    return _figures([stream for one in watchers for stream in one.streams.values()], watchers, minutes, share, grown)


def _figures(streams: Sequence[Stream], watchers: Sequence[Station], minutes: float, share: float, grown: float) -> list[Figure]:
    drift = max(abs(one.late - one.early) for one in streams)
    return [
        Figure(name=f"{len(watchers)} stations and one speaker for {minutes:g} min: plane's CPU", value=round(100 * share, 2), unit="% of a core"),
        at_least(f"numbers of each of {len(streams)} streams wrapped, least", min(one.wraps for one in streams), "times", 1),
        at_most(f"packets missing, of {sum(one.packets for one in watchers):,}", sum(one.missing for one in streams), "", 0),
        at_most("packets that the keys do not open, at one station", sum(one.unopened for one in watchers), "", 0),
        at_most("end later (or earlier) than the beginning, worst stream", 1000 * drift, "ms", 10),
        at_most("plane's memory grown", grown / 2**20, "MB", 1)]


def resident(pid: int) -> int:
    """Bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
