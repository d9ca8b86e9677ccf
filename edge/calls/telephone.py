"""The telephone of one station: hears what rings, answers, keeps a line per call, hangs up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from uuid import UUID

import msgspec
import structlog

from edge.backoff import Backoff
from edge.calls import rules
from edge.calls.rules import Call, CallPolicy, Reads
from edge.messages import Tell, Watched
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused, TryAgain
from hub.kernel.ids import uuid7

log = structlog.get_logger("edge.calls")

STEADY = 10.0
"""Seconds after which a line counts as good, and waiting starts small again."""


class Line(Protocol):
    async def talk(self) -> None:
        """Until the connection is lost, or cancelled: then it leaves. Raises Refused and TryAgain."""

    def allow(self, may_talk: bool) -> None:
        """Otherwise the microphone gives silence, whatever the hub forwards."""


class Heard(Protocol):
    """Frames of 20 ms that came, and how many of them were not silence."""

    frames: int
    audible: int


class Seen(Protocol):
    """Pictures that came."""

    frames: int


Ask = Callable[..., Awaitable[Any]]
Dial = Callable[[Call], Line]


@dataclass(frozen=True, kw_only=True)
class Handset:
    """`dial` opens a line into the call's room."""

    dial: Dial
    clock: Clock
    policy: CallPolicy
    backoff: Backoff = field(default_factory=lambda: Backoff(first=0.2, most=4.0))



@dataclass(frozen=True, kw_only=True)
class Ways:
    """How calls of one kind are told, taken and left. `named`: what they are called in commands."""

    view: str
    read: Reads
    answer: str
    leave: str
    named: str


CALLS = Ways(view="my_calls", read=rules.call_of, answer="AnswerCall", leave="LeaveCall", named="call")
ROUNDS = Ways(view="my_meetings", read=rules.round_of, answer="EnterMeeting", leave="LeaveMeeting", named="meeting")


class Telephone:
    def __init__(self, name: str, ask: Ask, handset: Handset, heard: Heard, ways: Ways = CALLS, seen: Seen | None = None) -> None:
        self.heard, self.seen, self.ways = heard, seen, ways
        self.calls: dict[UUID, Call] = {}
        self.talking: dict[UUID, Line] = {}
        self._ask = ask
        self._with = handset
        self._attending: dict[UUID, asyncio.Task[None]] = {}
        self._given_up: set[UUID] = set()
        self._news = asyncio.Event()
        self._log = log.bind(station=name)

    async def run(self) -> None:
        """Until cancelled; then every line is left."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._news.clear()
                self._settle(tasks)
                await self._news.wait()

    async def hang_up(self, call: UUID) -> None:
        """Raises Refused and TryAgain."""
        await self._ask(self.ways.leave, id=self._fresh(), **{self.ways.named: str(call)})

    # --- hearing --------------------------------------------------------------------------------

    async def hear_snapshot(self, watched: Watched) -> None:
        self._hear(partial(rules.listed, watched.rows, self.ways.read))

    async def hear_tell(self, tell: Tell) -> None:
        self._hear(partial(rules.changed, self.calls, tell.changes, self.ways.read))

    def _hear(self, read: Callable[[], dict[UUID, Call]]) -> None:
        try:
            self.calls = read()
        except msgspec.ValidationError as error:
            self._log.error("calls that cannot be read were left out", why=str(error))
            return
        for id_, line in self.talking.items():
            line.allow(id_ in self.calls and self.calls[id_].may_talk)
        self._given_up &= self.calls.keys()
        self._news.set()

    # --- taking part ----------------------------------------------------------------------------

    def _settle(self, tasks: asyncio.TaskGroup) -> None:
        wanted = rules.attended(self.calls, self._with.policy) - self._given_up
        for id_ in self._attending.keys() - wanted:
            if not self._attending[id_].cancelling():  # twice would break off the leaving
                self._attending[id_].cancel()
        for id_ in wanted - self._attending.keys():
            self._attending[id_] = tasks.create_task(self._attend(id_))

    async def _attend(self, id_: UUID) -> None:
        try:
            await self._again_and_again(id_, self._answer)
            async with asyncio.timeout(self._with.policy.talk_seconds):
                await self._again_and_again(id_, self._talk)
        except TimeoutError:
            await self._again_and_again(id_, self._leave)
            self._given_up.add(id_)
        except Refused as error:
            self._log.warning("the hub does not let this station into the call", call=str(id_), why=str(error))
            self._given_up.add(id_)
        finally:
            del self._attending[id_]
            self._news.set()

    async def _again_and_again(self, id_: UUID, act: Callable[[UUID], Awaitable[None]]) -> None:
        """Until it is done: whoever rings no longer cancels it."""
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            began = loop.time()
            try:
                await act(id_)
            except TryAgain as error:
                self._log.warning("the call is tried again", call=str(id_), why=str(error))
            else:
                return
            failures = 0 if loop.time() - began > STEADY else failures + 1
            await asyncio.sleep(0.1 + self._with.backoff.after(failures, random.random()))

    async def _answer(self, id_: UUID) -> None:
        call = self.calls[id_]
        if call.state == rules.RINGING:
            self._log.info("answers by itself", call=str(id_), title=call.title, caller=call.owner_name)
            await self._ask(self.ways.answer, id=self._fresh(), **{self.ways.named: str(id_)})

    async def _leave(self, id_: UUID) -> None:
        await self.hang_up(id_)

    async def _talk(self, id_: UUID) -> None:
        call = self.calls[id_]
        line = self.talking[id_] = self._with.dial(call)
        line.allow(call.may_talk or call.state == rules.RINGING)
        try:
            await line.talk()
        finally:
            del self.talking[id_]
        raise TryAgain("通话的连接断了。", "The call's connection was lost.")

    def _fresh(self) -> str:
        return str(uuid7(self._with.clock.now()))


Install = Callable[[str, str, Ask], tuple[Telephone, ...]]
"""(station, device key, how to ask the hub): one for calls, and one for rounds where these are taken."""
