"""The one connection to the hub: joins, watches the inbox, asks; comes back by itself, politely."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Protocol

import aiohttp
import msgspec
import socketio
import structlog

from edge.backoff import Backoff
from edge.messages import Problem, Tell, Watched
from edge.visit import Visit
from hub.kernel.errors import Malformed, Refused, TryAgain
from hub.wire import words

log = structlog.get_logger("edge.link")
quiet = logging.getLogger("edge.wire")
quiet.setLevel(logging.CRITICAL)  # the library reports every lost connection as an error

CONNECT_TIMEOUT = 10.0
FAREWELL = 0.5
"""Seconds for closing politely; an agent told to stop is gone within one."""
STEADY = 5.0
"""Seconds after which a connection counts as good, and waiting starts small again."""
ASK_AGAIN = 3.0
"""Seconds until what the hub knew before its database went away is asked for anew."""
LATER = frozenset({401, 403, 408, 425, 429})


class Hears(Protocol):
    async def hear_snapshot(self, watched: Watched) -> None: ...

    async def hear_tell(self, tell: Tell) -> None: ...


INBOX = "inbox"


class Link:
    """`joined` is set while the inbox is being watched. `also` hear other views, where the hub has them."""

    def __init__(self, hub: str, key: str, hears: Hears, *, name: str = "",
                 also: Mapping[str, Hears] = MappingProxyType({}), backoff: Backoff | None = None,
                 chance: Callable[[], float] = random.random) -> None:
        self._log = log.bind(station=name)
        self._hub = hub
        self._key = key
        self._hears = {INBOX: hears, **also}
        self._backoff = backoff or Backoff()
        self._chance = chance
        self._visit: Visit | None = None
        self.joined = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            began = loop.time()
            visit = Visit()
            await self._be_there(visit)
            _leave_if_told()
            failures = 0 if loop.time() - began > STEADY else failures + 1
            wait = self._how_long(visit, failures)
            self._log.info("away from the hub", again_in=round(wait, 1), why=visit.why)
            await asyncio.sleep(wait)

    async def ask(self, kind: str, **fields: Any) -> Any:
        """Raises Refused when asking again is of no use, TryAgain otherwise."""
        if self._visit is None or not self.joined.is_set():
            raise TryAgain("中枢不在线。", "The hub is away.")
        answer = await self._visit.call(words.ASK, {"type": kind, **fields})
        if isinstance(answer, dict) and answer.get("ok"):
            return answer.get("result")
        raise refusal(answer)

    async def _be_there(self, visit: Visit) -> None:
        client = socketio.AsyncClient(
            reconnection=False, handle_sigint=False, request_timeout=FAREWELL / 2, logger=quiet,
            engineio_logger=quiet, websocket_extra_options={"max_msg_size": 16 << 20})
        visit.attach(client)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await client.connect(self._hub, auth={"device": self._key},
                                     transports=["websocket"], wait_timeout=5)
            await self._attend(visit)
        except (socketio.exceptions.SocketIOError, aiohttp.ClientError, OSError, ValueError,
                TimeoutError, TryAgain, Malformed) as error:
            visit.why = visit.why or str(error) or type(error).__name__
        finally:
            self.joined.clear()
            self._visit = None
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL):
                    await client.disconnect()

    async def _attend(self, visit: Visit) -> None:
        """Whatever a room tells on this connection was told after its snapshot was asked for, and is heard."""
        rooms: dict[str, Hears] = {}
        old = await self._hear_snapshots(visit, self._hears, rooms)
        self._visit = visit
        self.joined.set()
        self._log.info("joined the hub", views=len(rooms))
        while True:
            try:
                async with asyncio.timeout(ASK_AGAIN if old else None):
                    tell = await visit.next_tell()
            except TimeoutError:
                old = await self._hear_snapshots(visit, old, rooms)
                continue
            if tell is None:
                return
            if tell.room in rooms:
                await rooms[tell.room].hear_tell(tell)

    async def _hear_snapshots(self, visit: Visit, views: Mapping[str, Hears], rooms: dict[str, Hears]) -> dict[str, Hears]:
        """Those among the views whose snapshot is an old one: the hub's database is away."""
        old: dict[str, Hears] = {}
        for view, hears in views.items():
            watched = await self._watch(visit, view)
            if watched is None:
                continue
            await hears.hear_snapshot(watched)
            if watched.changes:
                await hears.hear_tell(Tell(watched.room, watched.changes))
            rooms[watched.room] = hears
            if watched.as_of:
                old[view] = hears
        return old

    async def _watch(self, visit: Visit, view: str) -> Watched | None:
        """None: an older hub, or one without calls; notices come all the same."""
        answer = await visit.call(words.WATCH, {"view": view, "params": {}})
        if not (isinstance(answer, dict) and answer.get("ok")):
            problem = answer.get("problem") if isinstance(answer, dict) else None
            if view != INBOX:
                self._log.warning("the hub does not show this", view=view, problem=problem)
                return None
            visit.refuse(problem)
            raise TryAgain("中枢不让看收件箱。", "The hub does not show the inbox.")
        try:
            return msgspec.convert(answer, Watched)
        except msgspec.ValidationError as error:
            raise Malformed("中枢的答复看不懂。", f"The hub's answer is malformed: {error}.") from error

    def _how_long(self, visit: Visit, failures: int) -> float:
        if visit.unwelcome:
            self._log.error("the hub does not accept this station: check the device key, or whether it"
                      " is in use elsewhere", code=visit.code, detail=visit.why)
            return self._backoff.refusal(self._chance())
        if visit.retry_after is not None:
            return self._backoff.asked_for(visit.retry_after, self._chance())
        return self._backoff.after(max(0, failures - 1), self._chance())


def _leave_if_told() -> None:
    """The library swallows a cancellation that comes while it says goodbye."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def refusal(answer: Any) -> Refused | TryAgain:
    try:
        problem = msgspec.convert(answer.get("problem"), Problem)
    except (msgspec.ValidationError, AttributeError):
        problem = Problem()
    sentence = problem.detail or problem.title or "?"
    if 400 <= problem.status < 500 and problem.status not in LATER:
        return Refused(sentence, sentence, code=problem.code)
    return TryAgain(sentence, sentence, code=problem.code)
