"""The protocols as they are written down: Engine.IO 4 and Socket.IO 5, over websocket, played by a bare client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from tests.flows.live.hall import Hall, opened
from tests.patience import PATIENCE

GREETING = '40{"who":"somebody"}'


@asynccontextmanager
async def line(hall: Hall, query: str = "EIO=4&transport=websocket") -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    url = f"ws://127.0.0.1:{hall.port}/socket.io/?{query}"
    async with aiohttp.ClientSession() as web, web.ws_connect(url, autoping=False, compress=15) as one:
        yield one


@asynccontextmanager
async def guest(hall: Hall) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with line(hall) as one:
        await one.receive_str(timeout=PATIENCE)
        await one.send_str(GREETING)
        await one.receive_str(timeout=PATIENCE)
        yield one


async def said(one: aiohttp.ClientWebSocketResponse) -> str:
    return await one.receive_str(timeout=PATIENCE)


async def ended(one: aiohttp.ClientWebSocketResponse) -> bool:
    return (await one.receive(timeout=PATIENCE)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def test_a_handshake_says_the_session_and_its_times():
    async with opened() as hall, line(hall) as one:
        opening = await said(one)

    told = json.loads(opening[1:])
    assert (opening[0], told["upgrades"], told["pingInterval"], told["pingTimeout"]) == ("0", [], 25_000, 20_000)
    assert told["sid"]
    assert told["maxPayload"] == 1_000_000


@pytest.mark.parametrize("query", ["transport=websocket", "EIO=abc&transport=websocket", "EIO=3&transport=websocket", "EIO=4",
                                   "EIO=4&transport=abc", "EIO=4&transport=polling"])
async def test_an_unknown_version_or_transport_is_refused_before_the_connection_changes_hands(query: str):
    async with opened() as hall:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with line(hall, query):
                pass

    assert refused.value.status == 400


async def test_a_ping_is_answered_and_the_hubs_own_ping_keeps_who_answers():
    async with opened() as hall, guest(hall) as one:
        (connection,) = hall.live.connections.values()
        for _ in range(4):
            while connection.heard:
                hall.pass_time(1)
            assert await said(one) == "2"
            await one.send_str("3")
            await one.send_str("2probe")
            assert await said(one) == "3probe"
            await one.send_str('421["hello"]')
            assert (await said(one)).startswith("431[")


async def test_a_guest_is_greeted_with_his_session_and_with_what_he_resumes_by():
    async with opened() as hall, line(hall) as one:
        await said(one)
        await one.send_str(GREETING)
        greeting = await said(one)

    assert greeting.startswith("40{")
    assert {"sid", "pid"} <= json.loads(greeting[2:]).keys()


async def test_an_event_with_a_number_is_acknowledged_and_one_without_is_not():
    async with opened() as hall, guest(hall) as one:
        await one.send_str('42["hello",1]')
        await one.send_str('4212["hello",{"a":[1,2]}]')
        answer = await said(one)

    assert answer.startswith("4312[")
    assert json.loads(answer[4:])[0]["ok"]


@pytest.mark.parametrize(("words", "answer"), [("40/random", '44/random,{"message":"Invalid namespace"}'),
                                               ("40/random,{}", '44/random,{"message":"Invalid namespace"}')])
async def test_there_is_no_other_namespace(words: str, answer: str):
    async with opened() as hall, line(hall) as one:
        await said(one)
        await one.send_str(words)
        assert await said(one) == answer
        await one.send_str(GREETING)
        assert (await said(one)).startswith("40{")


@pytest.mark.parametrize("words", ["1", "41", "4abc", "abc", "42[]", "42{}", "42[1]", '42["a"', '451-["a",{"_placeholder":true,"num":0}]',
                                   "42/admin,[\"a\"]", GREETING, "6", "5"])
async def test_whoever_leaves_or_speaks_something_else_is_disconnected(words: str):
    async with opened() as hall, guest(hall) as one:
        await one.send_str(words)
        assert await ended(one)


@pytest.mark.parametrize("words", ["4abc", '42["hello"]', "40[]", '40"x"', "abc"])
async def test_whoever_has_not_introduced_himself_may_say_nothing_else(words: str):
    async with opened() as hall, line(hall) as one:
        await said(one)
        await one.send_str(words)
        assert await ended(one)


async def test_binary_frames_are_not_spoken_and_compression_is_not_agreed_to():
    async with opened() as hall, guest(hall) as one:
        assert not one.compress
        await one.send_bytes(b"\x04hello")
        assert await ended(one)
