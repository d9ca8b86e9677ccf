"""What has come of one track and what is missing: numbers for reports, repair and continuity."""

from __future__ import annotations

from collections import deque

OUTAGE = 256
"""So many missing at once are not asked for again; a picture begins anew."""
TRIES = 8
PATIENCE = 1.0
"""Seconds after which nobody waits for a packet any more."""
WRAP = 0x10000
HALF = 0x8000
MASK = 0xFFFFFFFF


class Missing:
    __slots__ = ("due", "since", "tries")

    def __init__(self, now: float) -> None:
        self.since = now
        self.due = now
        self.tries = 0


class Reception:
    """Sequence numbers are extended to whole numbers here (`long`), starting one round above 0."""

    __slots__ = (
        "_dropped",
        "_drops",
        "_first",
        "_jitter",
        "_prior",
        "_transit",
        "clock",
        "highest",
        "lost",
        "missing",
        "outage",
        "received",
        "repaired",
    )

    def __init__(self, clock: int) -> None:
        self.clock = clock
        self.highest = -1
        self.received = 0
        self.repaired = 0
        self.lost = 0
        """Given up."""
        self.missing: dict[int, Missing] = {}
        self.outage = False
        """Too much went missing at once; whoever sees to it unsets it."""
        self._first = 0
        self._prior = (0, 0)
        self._jitter = 0.0
        self._transit = 0
        self._dropped = 0
        self._drops: deque[int] = deque(maxlen=64)

    def arrive(self, number: int, timestamp: int, now: float) -> int:
        """The long number; -1: it was there before, or comes too late."""
        if self.highest < 0:
            self._first = self.highest = number + WRAP
            self.received = 1
            self._transit = int(now * self.clock) - timestamp & MASK
            return self.highest
        step = (number - self.highest) & 0xFFFF
        if step >= HALF or step == 0:
            return self._late(self.highest - ((WRAP - step) & 0xFFFF))
        self.received += 1
        if step > 1:
            self._gap(step, now)
        self.highest += step
        transit = int(now * self.clock) - timestamp & MASK
        change = transit - self._transit & MASK
        self._transit = transit
        self._jitter += (min(change, MASK - change, self.clock) - self._jitter) / 16
        return self.highest

    def repair(self, number: int) -> int:
        """It came on the retransmission stream: the long number; -1: nobody misses it."""
        long = self.highest - ((self.highest - number) & 0xFFFF)
        if self.missing.pop(long, None) is None:
            return -1
        self.repaired += 1
        return long

    def drop(self, long: int) -> None:
        """It shall not leave a hole: what follows moves up."""
        self._dropped += 1
        self._drops.append(long)

    def index(self, long: int) -> int:
        """Its place among what is passed on; rises by 1 from packet to packet."""
        if long == self.highest or not self._drops:
            return long - self._dropped
        return long - self._dropped + sum(1 for dropped in self._drops if dropped > long)

    def due(self, now: float, wait: float) -> list[int]:
        """Which to ask for now (16 bits). `wait`: until one asks for the same again."""
        asked = []
        for long, missing in list(self.missing.items()):
            if missing.tries >= TRIES or now - missing.since > PATIENCE:
                del self.missing[long]
                self.lost += 1
            elif missing.due <= now:
                missing.tries += 1
                missing.due = now + wait
                asked.append(long & 0xFFFF)
        return asked

    def report(self) -> tuple[int, int, int, int] | None:
        """Since the last report: fraction lost (of 256), lost altogether, highest number, jitter."""
        if self.highest < 0:
            return None
        expected = self.highest - self._first + 1
        before_expected, before_received = self._prior
        self._prior = (expected, self.received)
        fresh = expected - before_expected
        lost = fresh - (self.received - before_received)
        fraction = min(255, max(0, (lost << 8) // fresh)) if fresh > 0 else 0
        total = max(-0x800000, min(0x7FFFFF, expected - self.received))
        return fraction, total, self.highest - WRAP & MASK, int(self._jitter)

    def restart(self) -> None:
        """Another stream of numbers begins; what was counted stays."""
        self.highest = -1
        self.received = 0
        self.missing.clear()
        self._prior = (0, 0)
        self._drops.clear()

    def _late(self, long: int) -> int:
        if self.missing.pop(long, None) is None:
            return -1
        self.received += 1
        self.repaired += 1
        return long

    def _gap(self, step: int, now: float) -> None:
        if step + len(self.missing) > OUTAGE:
            self.lost += step - 1 + len(self.missing)
            self.missing.clear()
            self.outage = True
            return
        for long in range(self.highest + 1, self.highest + step):
            self.missing[long] = Missing(now)
