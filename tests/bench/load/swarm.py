"""Many clients in one process, on one epoll: `python -m tests.bench.load.swarm`.

Reads commands as lines of JSON and answers each with one line. Whole frames are counted by their first
bytes and their mark; JSON is read only while a client comes in.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import resource
import select
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from tests.bench.load import wire
from tests.bench.load.guest import TAIL, Guest, Stage

BUCKET = 100_000
"""Nanoseconds of one step of the histogram."""
SAMPLE = 50
GLANCE = 0.0005
"""Seconds between two looks while something is measured: a process that sleeps in epoll is woken by every single write, and
the server pays for it as it would for no client on another machine."""
RETRY_SECONDS = 0.25


class Swarm:
    def __init__(self) -> None:
        self._poll = select.epoll()
        self._guests: dict[int, Guest] = {}
        self.all: list[Guest] = []
        self._buffer = bytearray(256 * 1024)
        self._host, self._port = "127.0.0.1", 0
        self.watch: dict[str, Any] | None = None
        self._exact = self._returns = False
        self._waiting: deque[Guest] = deque()
        self._again: deque[tuple[float, Guest]] = deque()
        self._calling = self._parallel = 0
        self._due: deque[tuple[float, Guest]] = deque()
        self._deaf: deque[tuple[float, Guest]] = deque()
        self._until: tuple[Callable[[], bool], float] | None = None
        self._begun = 0.0
        self.live = self.lost = self.recovered = self.lost_place = self.missing = self.doubled = 0
        self.tells = self.fresh = self.wanted = self.answers = 0
        self.closes: dict[str, int] = {}
        self.why: dict[str, int] = {}
        self.took: dict[int, int] = {}
        self._asked: dict[int, int] = {}

    # --- what guests report -----------------------------------------------------------------------

    def arrived(self, guest: Guest) -> None:
        guest.stage = Stage.LIVE
        guest.settle(guest.number % SAMPLE == 0)
        self.live += 1
        self._calling -= 1
        self._call_more()

    def refused(self, guest: Guest, why: str) -> None:
        self._note(self.why, why)
        self._gone(guest)

    def closed(self, guest: Guest, code: int) -> None:
        self._note(self.closes, str(code))
        self._gone(guest)

    def count(self) -> None:
        """Something too costly to be read was told."""
        self.tells += 1
        self.fresh += 1

    def told(self, guest: Guest, payload: bytes | bytearray, end: int | None = None) -> None:
        """What carries a mark is an event of the bench; it may come again in another row, but `exact` forbids it."""
        self.tells += 1
        if self._exact:
            guest.tail = bytes(payload[(end or len(payload)) - TAIL:end])
        place = payload.find(wire.MARK, 0, end)
        if place < 0:
            return
        number, last = int(payload[place + 24:place + 32]), guest.last
        if number <= last:
            self.doubled += 1
            return
        self.fresh += 1
        self.missing += number - last - 1 if last else 0
        guest.last = number
        step = (time.monotonic_ns() - int(payload[place + 4:place + 23])) // BUCKET
        self.took[step] = self.took.get(step, 0) + 1

    def answered(self, guest: Guest) -> None:
        now = time.monotonic_ns()
        self.answers += 1
        step = (now - self._asked.pop(guest.number, now)) // BUCKET
        self.took[step] = self.took.get(step, 0) + 1

    def _note(self, table: dict[str, int], word: str) -> None:
        if word in table or len(table) < 20:
            table[word] = table.get(word, 0) + 1

    def _gone(self, guest: Guest) -> None:
        """Who was live is lost; who was on the way in tries again."""
        if guest.door is not None:
            self._guests.pop(guest.door.fileno(), None)
        if guest.stage is Stage.LIVE:
            self.live -= 1
            self.lost += 1
        elif guest.stage is not Stage.AWAY:
            self._calling -= 1
        if self._returns or Stage.AWAY < guest.stage < Stage.LIVE:
            self._again.append((time.monotonic() + RETRY_SECONDS, guest))
        guest.hang_up()
        self._call_more()

    # --- coming in --------------------------------------------------------------------------------

    def _call_more(self) -> None:
        while self._waiting and self._calling < self._parallel:
            guest = self._waiting.popleft()
            guest.offset = wire.offset_in(guest.tail) or guest.offset
            try:
                handle = guest.call(self._host, self._port)
            except OSError as error:
                self._note(self.why, os.strerror(error.errno or 0))
                self._again.append((time.monotonic() + RETRY_SECONDS, guest))
                return
            self._calling += 1
            self._guests[handle] = guest
            self._poll.register(handle, select.EPOLLOUT)

    def _connected(self, handle: int, guest: Guest) -> None:
        assert guest.door is not None
        problem = guest.door.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            self._note(self.why, errno.errorcode.get(problem, str(problem)))
            self._gone(guest)
            return
        guest.stage = Stage.UPGRADING
        guest.send(wire.upgrade(self._host, self._port))
        self._poll.modify(handle, select.EPOLLIN)

    # --- the loop ---------------------------------------------------------------------------------

    def run(self) -> None:
        self._poll.register(sys.stdin.fileno(), select.EPOLLIN)
        commands = b""
        while True:
            ready = self._poll.poll(0.0 if self._until else 1.0, 1024)
            if len(ready) < 64 and self._until:
                time.sleep(GLANCE)
            for handle, _ in ready:
                guest = self._guests.get(handle)
                if guest is not None:
                    self._ready(handle, guest)
                elif handle == 0:
                    said = os.read(0, 1 << 20)
                    if not said:
                        return
                    *lines, commands = (commands + said).split(b"\n")
                    for line in lines:
                        self._obey(json.loads(line))
            self._look()

    def _ready(self, handle: int, guest: Guest) -> None:
        if guest.stage is Stage.CALLING:
            self._connected(handle, guest)
            return
        buffer = self._buffer
        try:
            size = guest.recv(buffer)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if not size:
            self._gone(guest)
            return
        if size > 20 and not guest.rest:
            first, length, word = wire.HEAD.unpack_from(buffer)
            if first == wire.WHOLE and length == size - 4 and word == wire.TELLS:
                self.told(guest, buffer, size)
                return
        guest.received(self, bytes(buffer[:size]))

    def _look(self) -> None:
        now = time.monotonic()
        while self._again and self._again[0][0] <= now:
            self._waiting.append(self._again.popleft()[1])
            self._call_more()
        for waiting, then in ((self._due, self._acknowledge), (self._deaf, self._hears_again)):
            while waiting and waiting[0][0] <= now:
                then(waiting.popleft()[1])
        if self._until and (self._until[0]() or now >= self._until[1]):
            self._until = None
            self._answer()

    # --- commands ---------------------------------------------------------------------------------

    def _obey(self, wish: dict[str, Any]) -> None:
        self._begun = time.monotonic()
        COMMANDS[wish.pop("do")](self, **wish)

    def _when(self, done: Callable[[], bool], seconds: float) -> None:
        self._until = (done, time.monotonic() + seconds)

    def _answer(self) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        told = {
            "live": self.live, "lost": self.lost, "tells": self.tells, "fresh": self.fresh, "answers": self.answers,
            "recovered": self.recovered, "lost_place": self.lost_place, "missing": self.missing, "doubled": self.doubled,
            "closes": self.closes, "why": self.why, "seconds": time.monotonic() - self._begun,
            "cpu": used.ru_utime + used.ru_stime,
            "took": self.took,
            "behind": sum(1 for guest in self.all if guest.last < self.wanted),
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    def open(self, *, count: int, host: str, port: int, sources: list[str], auths: list[dict[str, Any]],
             watch: dict[str, Any] | None, parallel: int, seconds: float, exact: bool, returns: bool, first: int) -> None:
        """`exact`: the offset of what each was told last is kept. `returns`: who is cut off comes back by himself."""
        self._host, self._port, self.watch, self._parallel = host, port, watch, parallel
        self._exact, self._returns = exact, returns
        news = [Guest(first + n, sources[n % len(sources)], auths[(first + n) % len(auths)]) for n in range(count)]
        self.all += news
        self._waiting += news
        self._call_more()
        gc.freeze()
        self._when(lambda: self.live == len(self.all), seconds)

    def clear(self) -> None:
        self.took = {}
        self.tells = self.fresh = self.lost = self.recovered = self.lost_place = self.answers = self.missing = self.doubled = 0
        self.why, self.closes = {}, {}
        self._answer()

    def until(self, *, fresh: int, seconds: float) -> None:
        """Until so many events of the bench were told since `clear`."""
        self._when(lambda: self.fresh >= fresh, seconds)

    def report(self, *, wanted: int = 0) -> None:
        self.wanted = wanted
        self._answer()

    def cut(self, *, count: int) -> None:
        """So many lines at once; the others stay."""
        for guest in self.all[:count]:
            if guest.door is None:
                continue
            self._guests.pop(guest.door.fileno(), None)
            if guest.stage is Stage.LIVE:
                self.live -= 1
            else:
                self._calling -= 1
            guest.hang_up()
            if self._returns:
                self._again.append((time.monotonic() + RETRY_SECONDS, guest))
        self._answer()

    def deaf(self, *, count: int, seconds: float) -> None:
        """So many hear and say nothing for a while, as behind a line that is dead and has not been closed."""
        until = time.monotonic() + seconds
        for guest in self.all[:count]:
            if guest.door is not None and guest.stage is Stage.LIVE:
                self._poll.modify(guest.door.fileno(), 0)
                self._deaf.append((until, guest))
        self._answer()

    def _hears_again(self, guest: Guest) -> None:
        if guest.door is not None:
            self._poll.modify(guest.door.fileno(), select.EPOLLIN)

    def back(self, *, parallel: int, seconds: float) -> None:
        """Everybody who is away comes back to his place."""
        self._parallel = parallel
        for guest in self.all:
            if guest.stage is Stage.AWAY:
                self._waiting.append(guest)
        self._call_more()
        self._when(lambda: self.live == len(self.all), seconds)

    def acknowledge(self, *, spread: float, seconds: float) -> None:
        """Each says how far he has got, evenly over `spread` seconds, and waits for the answer."""
        start, step = time.monotonic(), spread / max(1, len(self.all))
        self._due += ((start + n * step, guest) for n, guest in enumerate(self.all))
        self._when(lambda: self.answers >= len(self.all), seconds)

    def _acknowledge(self, guest: Guest) -> None:
        if guest.stage is Stage.LIVE:
            self._asked[guest.number] = time.monotonic_ns()
            guest.send(wire.ask(guest.number + 1, "ack", wire.offset_in(guest.tail)))


COMMANDS: dict[str, Callable[..., None]] = {
    word.__name__: word
    for word in (Swarm.open, Swarm.clear, Swarm.until, Swarm.report, Swarm.cut, Swarm.deaf, Swarm.back, Swarm.acknowledge)
}


def main() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.disable()
    Swarm().run()


if __name__ == "__main__":
    main()
