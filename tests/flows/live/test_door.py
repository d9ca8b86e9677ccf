"""At the door: a flood from one address leaves the others working, and who says too much is told what to do."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
import uvloop

from hub.gateway.live.door import Limits
from hub.gateway.live.frames import TOO_BIG
from hub.wire.words import Close
from tests.flows.cluster.guest import CLOSE, Guest, Refused, frame, masked
from tests.flows.live.hall import hears, opened
from tests.patience import PATIENCE

FLOOD = 300


async def knocks(guest: Guest) -> bool:
    """True when it was let in."""
    try:
        _, writer = await guest.knock()
    except (OSError, EOFError, Refused):
        return False
    writer.transport.abort()
    return True


async def flooded() -> None:
    async with opened(Limits(knocks=5.0, knocks_burst=20.0)) as hall, hall.guest("before").staying() as before:
        await before.call("join", {})

        let_in = await asyncio.gather(*(knocks(hall.guest("flood", "127.0.0.2")) for _ in range(FLOOD)))
        async with hall.guest("after").staying() as after:
            await after.call("join", {})
            hall.tell(1)
            for guest in (before, after):
                await hears(guest, 1)

    assert 20 <= sum(let_in) < FLOOD / 2


async def test_a_flood_from_one_address_leaves_the_others_working():
    await flooded()


def test_so_it_does_on_the_loop_the_hub_runs_on():
    uvloop.run(flooded())


async def test_an_address_with_too_many_connections_is_told_when_to_come_back():
    async with (opened(Limits(address_connections=2)) as hall, hall.guest("one").staying(), hall.guest("two").staying()):
        with pytest.raises(Refused, match=r"(?s)429 Too Many Requests.*Retry-After: 10"):
            await hall.guest("three").knock()
        elsewhere = await knocks(hall.guest("elsewhere", "127.0.0.2"))

    assert elsewhere


async def test_a_stranger_may_say_little_and_a_guest_much():
    async with opened() as hall:
        with pytest.raises(Refused, match=f"closed {TOO_BIG}"):
            await hall.guest("x" * 9000).knock()
        async with hall.guest().staying() as known:
            answer = await known.call("say", "x" * 60_000)

    assert answer["size"] > 60_000


@pytest.mark.parametrize("said", [b"", b"GET /socket.io/?EIO=4"])
async def test_who_does_not_say_what_he_wants_is_cut_off(said: bytes):
    async with opened() as hall:
        reader, writer = await asyncio.open_connection("127.0.0.1", hall.port)
        writer.write(said)
        async with hall.guest().staying():
            hall.pass_time(11)

            async with asyncio.timeout(PATIENCE):
                with contextlib.suppress(ConnectionResetError):
                    assert await reader.read() == b""
        writer.transport.abort()


async def test_who_does_not_sign_in_is_sent_away():
    async with opened() as hall:
        reader, writer = await asyncio.open_connection("127.0.0.1", hall.port)
        writer.write(b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                     b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await frame(reader)

        hall.pass_time(11)

        opcode, said = await frame(reader)
        writer.transport.abort()
    assert (opcode, int.from_bytes(said[:2])) == (CLOSE, Close.NOT_SIGNED_IN)


async def test_who_asks_too_much_is_told_so_and_then_sent_away_to_come_back_later():
    async with opened(Limits(events=0.001, events_burst=3.0)) as hall:
        reader, writer = await hall.guest().knock()
        said = []
        for number in range(1, 8):
            writer.write(masked(f'42{number}["say",""]'))
            said.append((await frame(reader))[1])
        opcode, last = await frame(reader)
        writer.transport.abort()

    assert [b'"ok":true' in text for text in said[:6]] == [True] * 3 + [False] * 3
    assert b'"too-much"' in said[6]
    assert (opcode, int.from_bytes(last[:2])) == (CLOSE, Close.TOO_MUCH)


async def test_a_half_open_connection_is_found():
    """The other side is silent: neither an answer to the ping nor a word."""
    async with opened(ping_seconds=1) as hall:
        guest = hall.guest()
        _, writer = await guest.knock()

        for _ in range(3):
            hall.pass_time(1)

        async with asyncio.timeout(PATIENCE):
            while hall.live.connections:
                await asyncio.sleep(0.01)
        writer.transport.abort()
