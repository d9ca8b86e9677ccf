"""What stands between who is not signed in and the desk: how often one place may speak, how many at once, how long one look is kept."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from hub.access.allowance import Allowance, network_of
from hub.kernel.errors import Malformed, Refused, TooMany, TryAgain
from hub.record import Database, load_sql
from hub.wire.codec import encode

Q = load_sql(__package__)
LOOK_SECONDS = 2.0
LOOKS = 300
AT_ONCE = 8
LOOKS_A_MINUTE, SAID_IN_TEN_MINUTES, SAID_A_DAY, SAID_OF_ONE_THING = 1200, 20, 100, 3000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Signs that are not seen, and such that turn the reading round."""
GAPS = re.compile(r"\n{3,}")
LEAST_LETTERS = 4


class Guests:
    """What is said is counted in the database, over all processes and restarts. Looks and turns spare this process and are counted in it.
    Whole schools and mobile networks share one address, so that it is allowed more than one person would need."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._looks = Allowance(LOOKS_A_MINUTE, timedelta(minutes=1))
        self._kept: OrderedDict[Hashable, tuple[float, bytes]] = OrderedDict()
        self._looking: dict[Hashable, asyncio.Lock] = {}
        self._speaking = asyncio.Semaphore(AT_ONCE)

    def may_look(self, address: str, at: datetime) -> None:
        """Raises TooMany."""
        if not self._looks.take(network_of(address), at):
            raise TooMany("访问太频繁，请一分钟后再试。", "Too many requests; try again in a minute.")

    async def speak(self, address: str, case: UUID, about: str, words: str, at: datetime) -> None:
        """Raises TooMany; Refused where the same words came from the same place today. What is refused does not count, and
        what is sent again because its answer was lost counts once."""
        network = network_of(address)
        mark = hashlib.sha256(f"{network}\n{about}\n{words}".encode()).hexdigest()
        async with self._db.transaction() as conn:
            await conn.execute(Q["one_speaks_at_a_time"], network)
            [before] = await conn.fetch(Q["said_before"], network, about, mark, at, case)
            if before["again"]:
                return
            if before["lately"] >= SAID_IN_TEN_MINUTES or before["today"] >= SAID_A_DAY:
                raise TooMany("从您的网络提交得太多了，请过一会儿再提交；已提交的不会丢失。", "Too much came from your network; send it later. What was sent is kept.")
            if before["about_it"] >= SAID_OF_ONE_THING:
                raise TooMany("现在提交的人太多，请一小时后再试。", "Too many people write just now; try again in an hour.")
            if before["same"]:
                raise Refused("这条内容已经收到，不必重复提交。", "This was received already; there is no need to send it again.", code="said-already")
            await conn.execute(Q["says"], network, about, mark, at, case)
            await conn.execute(Q["forget_said"], at)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Raises TryAgain when too many write at once: who writes must not hold up the hub's own work."""
        if self._speaking.locked():
            raise TryAgain("提交的人较多，请稍后再按一次。", "Many are sending; press again in a moment.", code="busy")
        async with self._speaking:
            yield

    async def look(self, key: Hashable, make: Callable[[], Awaitable[object]]) -> bytes:
        """However many ask within some seconds, it is made once."""
        async with self._looking.setdefault(key, asyncio.Lock()):
            now = asyncio.get_running_loop().time()
            kept = self._kept.get(key)
            if kept is None or now - kept[0] > LOOK_SECONDS:
                kept = (now, encode(await make()))
                self._kept[key] = kept
        self._kept.move_to_end(key)
        while len(self._kept) > LOOKS:
            self._kept.popitem(last=False)
        if len(self._looking) > LOOKS:
            self._looking = {one: lock for one, lock in self._looking.items() if lock.locked()}
        return kept[1]

    def forget(self, *keys: Hashable) -> None:
        for key in keys:
            self._kept.pop(key, None)


def plain_words(text: str, field: str = "text") -> str:
    """As it is kept: without signs that nobody sees. Raises Malformed where too little is said."""
    words = GAPS.sub("\n\n", CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if sum(char.isalnum() for char in words) < LEAST_LETTERS:
        raise Malformed(f"请写明内容，至少{LEAST_LETTERS}个字。", f"Say something, {LEAST_LETTERS} letters at least.", field=field)
    return words
