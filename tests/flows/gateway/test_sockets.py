"""Frames that are not what they should be, guests who may not or may no longer, and too much of everything."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest
import socketio

from hub.access.messages import (
    CreateApiKey,
    EnrolDevice,
    RevokeApiKey,
    RevokeDevice,
    RevokeSession,
)
from hub.directory.messages.commands import SaveOrganisation
from hub.kernel.actor import SYSTEM, Role
from tests.flows.broadcast.stage import Stage, wish
from tests.flows.gateway.visitor import Visitor, Watcher
from tests.patience import PATIENCE


def code_of(answer: Any) -> tuple[int, str]:
    assert not answer["ok"]
    return answer["problem"]["status"], answer["problem"]["code"]


@pytest.mark.parametrize(("event", "given", "wanted"), [
    ("ask", None, (400, "malformed")),
    ("ask", "SendBroadcast", (400, "malformed")),
    ("ask", [1, 2], (400, "malformed")),
    ("ask", {}, (404, "unknown-command")),
    ("ask", {"type": "NoSuch"}, (404, "unknown-command")),
    ("ask", {"type": {"a": 1}}, (404, "unknown-command")),
    ("ask", {"type": "CancelBroadcast"}, (400, "malformed")),
    ("ask", {"type": "CancelBroadcast", "id": "x", "broadcast": 1}, (400, "malformed")),
    ("ask", {"type": "CancelBroadcast", "id": "019a0000-0000-7000-8000-000000000000",
             "broadcast": "019a0000-0000-7000-8000-000000000000", "reason": "a\0b"}, (400, "bad-character")),
    ("ask", {"type": "CancelBroadcast", "id": "019a0000-0000-7000-8000-000000000000", "more": 1,
             "broadcast": "019a0000-0000-7000-8000-000000000000"}, (400, "malformed")),
    ("watch", {}, (404, "unknown-view")),
    ("watch", {"view": "nothing"}, (404, "unknown-view")),
    ("watch", {"view": ["stations"]}, (404, "unknown-view")),
    ("watch", {"view": "stations", "params": {"no": 1}}, (400, "malformed")),
    ("watch", {"view": "stations", "params": 7}, (400, "malformed")),
    ("watch", {"view": "board", "params": {"broadcast": "x"}}, (400, "malformed")),
    ("watch", {"view": "recipients", "params": {"broadcast": "019a0000-0000-7000-8000-000000000000", "offset": 10**30}},
     (400, "malformed")),
    ("watch", {"view": "board", "params": {"broadcast": "019a0000-0000-7000-8000-000000000000"}}, (404, "not-found")),
    ("watch", {"view": "broadcasts", "params": {"text": "\0"}}, (400, "bad-character")),
])
async def test_a_frame_that_is_wrong_gets_a_sentence_and_the_line_stays_open(
    gateway: tuple[Stage, Visitor], event: str, given: Any, wanted: tuple[int, str],
) -> None:
    _, operator = gateway
    async with Watcher.at(operator.url, Cookie=operator.cookie) as watcher:
        answer = await watcher.call(event, given)
        assert code_of(answer) == wanted
        assert any("一" <= letter <= "鿿" for letter in answer["problem"]["detail"])
        assert (await watcher.call("watch", {"view": "stations", "params": {}}))["ok"]


@pytest.mark.parametrize("frame", ["", "9", "42", "42[", "42[]", '42["ask"', '42[{"a":1}]', "4" + "2" * 500, '451-["ask",{"_placeholder":true,"num":0}]',
                                   '42["ask",' + "[" * 3000, "40/admin,", b"\x00\xff", "☃"])
async def test_rubbish_on_the_wire_harms_nobody_else(gateway: tuple[Stage, Visitor], frame: str | bytes) -> None:
    _, operator = gateway
    url = operator.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    async with Watcher.at(operator.url, Cookie=operator.cookie) as other:
        async with operator.web.ws_connect(url) as raw:
            await raw.receive(timeout=PATIENCE)
            await raw.send_str("40{}")
            await raw.receive(timeout=PATIENCE)
            await (raw.send_bytes(frame) if isinstance(frame, bytes) else raw.send_str(frame))
        assert (await other.call("watch", {"view": "stations", "params": {}}))["ok"]


async def test_english_is_spoken_to_who_asks_for_it(gateway: tuple[Stage, Visitor]) -> None:
    _, operator = gateway
    async with Watcher.at(operator.url, None, **{"Cookie": operator.cookie, "Accept-Language": "en-GB,en;q=0.9"}) as watcher:
        answer = await watcher.call("ask", {"type": "NoSuch"})

    assert answer["problem"]["title"] == "Not found"
    assert answer["problem"]["detail"] == "There is no command 'NoSuch'."


async def test_not_more_watches_than_a_screen_could_show(gateway: tuple[Stage, Visitor]) -> None:
    stage, operator = gateway
    ids = [await stage.send("钱列席") for _ in range(33)]
    async with Watcher.at(operator.url, Cookie=operator.cookie) as watcher:
        answers = [await watcher.call("watch", {"view": view, "params": {"broadcast": str(which)}})
                   for which in ids for view in ("board", "recipients")]
        assert [answer["ok"] for answer in answers] == [True] * 64 + [False] * 2
        assert code_of(answers[-1]) == (429, "too-many")
        await watcher.call("unwatch", {"room": answers[0]["room"]})
        assert (await watcher.call("watch", {"view": "stations", "params": {}}))["ok"]


@pytest.mark.parametrize("auth", [{}, {"device": "dk_wrong"}, {"key": "ak_wrong"}, {"link": "xx"}, {"device": 7}])
async def test_a_stranger_is_turned_away_with_the_reason(gateway: tuple[Stage, Visitor], auth: dict[str, Any]) -> None:
    _, operator = gateway
    said: list[Any] = []
    socket = socketio.AsyncClient(reconnection=False)
    socket.on("connect_error", said.append)
    try:
        with pytest.raises(socketio.exceptions.ConnectionError):
            await socket.connect(operator.url, transports=["websocket"], auth=auth, wait_timeout=PATIENCE)
    finally:
        await socket.disconnect()

    problem = said[0].get("data", said[0])
    assert problem["status"] == 401
    assert problem["detail"]


async def test_a_page_of_another_site_gets_no_socket(gateway: tuple[Stage, Visitor]) -> None:
    _, operator = gateway
    socket = socketio.AsyncClient(reconnection=False)
    try:
        with pytest.raises(socketio.exceptions.ConnectionError):
            await socket.connect(operator.url, transports=["websocket"], wait_timeout=PATIENCE,
                                 headers={"Cookie": operator.cookie, "Origin": "https://elsewhere.example"})
    finally:
        await socket.disconnect()


async def test_a_session_that_is_revoked_is_said_goodbye_to(gateway: tuple[Stage, Visitor]) -> None:
    stage, operator = gateway
    async with Watcher.at(operator.url, Cookie=operator.cookie) as watcher:
        await stage.ask(RevokeSession(id=uuid4(), session=UUID(operator.me["session"])), SYSTEM)
        async with asyncio.timeout(PATIENCE):
            await watcher.gone.wait()

    assert [bye["code"] for bye in watcher.bye] == ["revoked"]
    await operator.get("/api/me", status=401)


@pytest.mark.parametrize("kind", ["device", "key"])
async def test_a_key_that_is_revoked_is_said_goodbye_to(gateway: tuple[Stage, Visitor], kind: str) -> None:
    stage, operator = gateway
    make = (EnrolDevice(id=uuid4(), station="station:17", name="终端") if kind == "device"
            else CreateApiKey(id=uuid4(), name="系统", roles=(Role.VIEWER,), scopes=("city",)))
    made = await stage.ask(make, SYSTEM)
    async with Watcher.at(operator.url, {kind: made["key"]}) as watcher:
        which = UUID(made["id"])
        await stage.ask(RevokeDevice(id=uuid4(), device=which) if kind == "device" else RevokeApiKey(id=uuid4(), key=which), SYSTEM)
        async with asyncio.timeout(PATIENCE):
            await watcher.gone.wait()

    assert [bye["code"] for bye in watcher.bye] == ["revoked"]


async def test_a_station_that_goes_out_of_use_is_said_goodbye_to_and_comes_in_no_more(gateway: tuple[Stage, Visitor]) -> None:
    stage, operator = gateway
    made = await stage.ask(EnrolDevice(id=uuid4(), station="station:17", name="终端"), SYSTEM)
    async with Watcher.at(operator.url, {"device": made["key"]}) as watcher:
        await stage.ask(SaveOrganisation(id=uuid4(), organisation="station:17", parent="district:3", name="旧站", lon=120.0, lat=30.0,
                                         active=False), SYSTEM)
        async with asyncio.timeout(PATIENCE):
            await watcher.gone.wait()

    assert [bye["code"] for bye in watcher.bye] == ["revoked"]
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with Watcher.at(operator.url, {"device": made["key"]}):
            pass


async def test_the_same_wish_over_both_doors_is_one(gateway: tuple[Stage, Visitor]) -> None:
    stage, operator = gateway
    command = wish("钱列席")
    body: dict[str, Any] = {"title": command.title, "text": command.text, "audience": {"recipients": list(command.audience.recipients)}}
    async with Watcher.at(operator.url, Cookie=operator.cookie) as watcher:
        first = await watcher.call("ask", {"type": "SendBroadcast", "id": str(command.id), **body})
        again = await operator.ask("SendBroadcast", id=str(command.id), **body)
        other = await operator.ask("SendBroadcast", id=str(command.id), **(body | {"title": "别的"}), status=409)

    assert first["result"] == again["result"]
    assert other["code"]
    assert await stage.value("select count(*) from dispatch.broadcast") == 1


async def test_polling_is_no_way_in(gateway: tuple[Stage, Visitor]) -> None:
    _, operator = gateway
    async with aiohttp.ClientSession() as web, web.get(f"{operator.url}/socket.io/?EIO=4&transport=polling") as answer:
        assert answer.status == 400
