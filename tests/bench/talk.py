"""Conversation traffic beside a load: stations speak in a group by turns, at an even rate; another has it open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import cycle
from typing import Any

from adapters.hub import HubClient
from hub.kernel.clock import SystemClock
from hub.kernel.ids import uuid7
from tests.bench.load.wire import mark
from tests.bench.stage import console, operator

LISTENER = "approver"
LAST_SECONDS = 1.0
SPEAKERS = 8
"""Each may say 20 messages in 10 s."""


class Talk:
    """`took`: seconds from the wish to send until the other was told. `sent`: messages that were taken."""

    def __init__(self) -> None:
        self.took: list[float] = []
        self.sent = 0

    def heard(self, _view: str, changes: Mapping[str, Any], _at: float) -> None:
        now = time.monotonic_ns()
        for row in changes.values():
            text = str(row["text"]) if row else ""
            if text.startswith("@at="):
                self.took.append((now - int(text[4:23])) / 1e9)

    async def speak(self, speakers: Sequence[HubClient], conversation: str, rate: float) -> None:
        due = time.monotonic()
        for speaker in cycle(speakers):
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await speaker.ask("SendMessage", {"id": fresh_id(), "conversation": conversation,
                                              "text": mark(time.monotonic_ns(), self.sent)})
            self.sent += 1


@asynccontextmanager
async def talking(url: str, rate: float, stations: Mapping[str, str]) -> AsyncIterator[Talk]:
    """`stations`: each with its key; the first of them speak. Who is refused ends the talk with that refusal."""
    talk, speaking = Talk(), dict(list(stations.items())[:SPEAKERS])
    async with operator(url) as founder, operator(url, LISTENER) as other, console(url, talk.heard, LISTENER) as screen, \
            AsyncExitStack() as stack:
        made = await founder.ask("CreateGroup", {"id": fresh_id(), "name": "值班群", "members": [await who(other), *speaking]})
        await screen.watch("messages", conversation=made["conversation"])
        speakers = [await stack.enter_async_context(HubClient(url, key=key)) for key in speaking.values()]
        task = asyncio.create_task(talk.speak(speakers, made["conversation"], rate))
        try:
            yield talk
            await asyncio.sleep(LAST_SECONDS)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def who(client: HubClient) -> str:
    return str((await client._call("GET", "/api/me"))["id"])


def fresh_id() -> str:
    return str(uuid7(SystemClock().now()))


