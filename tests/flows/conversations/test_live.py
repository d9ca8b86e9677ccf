"""Two screens at once: what one does the other sees, and nobody sees more than is his."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from dispatch.conversations.messages.commands import (
    Mark,
    MarkMessages,
    RecallMessage,
    RemoveMembers,
    SayTyping,
)
from dispatch.conversations.words import MAIN
from hub.access.seed import demo_device_keys
from hub.wire.codec import encode
from tests.flows.conversations.talk import DUTY, LI, VIEWER, WANG, Talk, station
from tests.flows.gateway.visitor import Visitor, Watcher
from tests.patience import PATIENCE


async def until(is_so: Any) -> Any:
    async with asyncio.timeout(PATIENCE):
        while not (found := is_so()):
            await asyncio.sleep(0.01)
    return found


class Screen(Watcher):
    def __init__(self) -> None:
        super().__init__()
        self.signals: list[dict[str, Any]] = []
        self.socket.on("signal", self.signals.append)

    def _tell(self, told: dict[str, Any], _offset: str | None = None) -> None:
        """Who is taken out is told so past the order, without an offset."""
        self.heard.append(told)
        self._apply(told)

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str, auth: dict[str, Any] | None = None, **headers: str) -> AsyncIterator[Screen]:
        async with cls.at(url, auth, **headers) as screen:
            assert isinstance(screen, Screen)
            yield screen

    async def see(self, view: str, **params: Any) -> str:
        return await self.watch(view, **params)


async def test_what_one_says_the_other_sees_with_its_number_and_his_count(talk: Talk) -> None:
    url = talk.stage.hub.settings.url
    which = await talk.direct(VIEWER, DUTY.id)
    async with Visitor.of(url, "operator") as duty, Screen.of(url, Cookie=duty.cookie) as screen:
        messages, lists = await screen.see("messages", conversation=str(which)), await screen.see("conversations")
        sent = [await talk.say(VIEWER, which, str(n)) for n in range(5)]
        rows = await until(lambda: len(screen.rows[messages]) == 5 and screen.rows[messages])
        assert [(rows[str(one)]["number"], rows[str(one)]["text"]) for one in sent] == [(n + 1, str(n)) for n in range(5)]
        told = [row["number"] for tell in screen.heard if tell["room"] == messages for _, row in tell["changes"]]
        assert told == [1, 2, 3, 4, 5]
        await until(lambda: screen.rows[lists].get(str(which), {}).get("unread") == 5)
        await talk.ask(MarkMessages(id=uuid4(), marks=(Mark(conversation=which, read=5),)), DUTY)
        await until(lambda: screen.rows[lists][str(which)]["unread"] == 0)
        await talk.ask(RecallMessage(id=uuid4(), message=sent[4]), VIEWER)
        await until(lambda: screen.rows[messages][str(sent[4])]["shape"] == "recalled")
        fresh = {str(row["id"]): row for row in json.loads(encode(await talk.messages(DUTY, which)))}
        for key, row in fresh.items():
            assert screen.rows[messages][key] == row | {"read_by": screen.rows[messages][key]["read_by"]}


async def test_who_types_is_signalled_to_who_watches_and_nothing_is_kept(talk: Talk) -> None:
    url = talk.stage.hub.settings.url
    which = await talk.direct(VIEWER, DUTY.id)
    async with Visitor.of(url, "operator") as duty, Screen.of(url, Cookie=duty.cookie) as screen:
        await screen.see("messages", conversation=str(which))
        before = await talk.stage.hub.journal.head()
        await talk.ask(SayTyping(id=uuid4(), conversation=which), VIEWER)
        await until(lambda: screen.signals)
        assert screen.signals == [{"type": "Typing", "conversation": str(which), "ref": VIEWER.id, "name": "观察员"}]
        assert await talk.stage.hub.journal.head() == before


async def test_who_is_taken_out_stops_hearing_at_once(talk: Talk) -> None:
    url = talk.stage.hub.settings.url
    which = await talk.group(LI, VIEWER, WANG)
    async with Visitor.of(url, "viewer") as viewer, Screen.of(url, Cookie=viewer.cookie) as screen:
        messages, lists = await screen.see("messages", conversation=str(which)), await screen.see("conversations")
        await talk.say(LI, which, "还在")
        await until(lambda: screen.rows[messages])
        await talk.ask(RemoveMembers(id=uuid4(), conversation=which, members=(VIEWER.id,)), LI)
        await until(lambda: messages in screen.refetch and str(which) not in screen.rows[lists])
        await talk.say(LI, which, "他听不到")
        await talk.direct(LI, VIEWER.id)
        await until(lambda: len(screen.rows[lists]) == 1)
        assert [row["text"] for row in screen.rows[messages].values()] == ["还在"]
        answer = await screen.socket.call("watch", {"view": "messages", "params": {"conversation": str(which)}})
        assert answer["problem"]["status"] == 404


async def test_the_main_stations_list_is_watched_by_operators_and_its_marks_are_shared(talk: Talk) -> None:
    url, stage = talk.stage.hub.settings.url, talk.stage
    keys = await demo_device_keys(stage.hub.access, stage.clock.at)
    which = await talk.direct(station(17), MAIN)
    async with (Visitor.of(url, "operator") as duty, Screen.of(url, Cookie=duty.cookie) as console,
                Screen.of(url, {"device": keys["station:17"]}) as terminal):
        lists, people = await console.see("conversations", seat=MAIN), await terminal.see("participants", conversation=str(which))
        await talk.say(station(17), which, "求助")
        await until(lambda: console.rows[lists].get(str(which), {}).get("unread") == 1)
        await talk.ask(MarkMessages(id=uuid4(), marks=(Mark(conversation=which, read=1),)), DUTY)
        await until(lambda: console.rows[lists][str(which)]["unread"] == 0)
        await until(lambda: terminal.rows[people][MAIN]["read"] == 1)
