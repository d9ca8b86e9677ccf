"""Two nodes are one hub: who is cut off on one resumes on the other, and misses nothing."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from hub.wire.words import Bye, Close
from tests.flows.cluster.guest import Guest
from tests.flows.live.nodes import ROOM, Node, Valkey, hears, node_on, numbers, valkey_running
from tests.flows.live.test_resume import stock_client
from tests.patience import PATIENCE


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with valkey_running() as server:
        yield server


@pytest.fixture
async def two(valkey: Valkey, request: pytest.FixtureRequest) -> AsyncIterator[tuple[Node, Node]]:
    """A parameter: the seconds after which a Valkey that says nothing is away."""
    within = getattr(request, "param", PATIENCE)
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(node_on(valkey.url, within)), await stack.enter_async_context(node_on(valkey.url, within))


hasty = pytest.mark.parametrize("two", [1.0], indirect=True)


async def cut(guest: Guest, to: Node) -> None:
    """The network breaks, and the port leads to another node now."""
    guest._port = to.port
    assert guest._writer is not None
    guest._writer.transport.abort()
    times = len(guest.recovered)
    async with asyncio.timeout(PATIENCE):
        while len(guest.recovered) == times:
            await asyncio.sleep(0.005)
        await guest.here.wait()


async def away(guest: Guest) -> None:
    """Cut off, and does not come back yet."""
    guest._port = 1
    assert guest._writer is not None
    guest._writer.transport.abort()
    while guest.here.is_set():
        await asyncio.sleep(0.005)


async def back(guest: Guest, to: Node) -> None:
    guest._port = to.port
    async with asyncio.timeout(PATIENCE):
        await guest.here.wait()


async def test_who_is_cut_off_resumes_on_the_other_node(two: tuple[Node, Node]):
    one, other = two
    async with one.guest("guest").staying() as guest:
        await guest.call("join", ROOM)
        await one.tell(1, 2)
        await hears(guest, 2)

        await away(guest)
        await other.tell(3, 4, 5)
        await back(guest, other)
        await hears(guest, 5)
        await cut(guest, one)
        await other.tell(6)
        await hears(guest, 6)

    assert guest.recovered == [False, True, True]
    assert numbers(guest) == [1, 2, 3, 4, 5, 6]
    assert (one.entered, other.entered) == (1, 0)


async def test_also_when_the_first_node_was_killed_and_nothing_was_heard_before(two: tuple[Node, Node]):
    one, other = two
    async with one.guest("guest").staying() as guest:
        await guest.call("join", ROOM)
        guest._port = other.port
        one.die()
        await other.tell(1, 2, 3)

        await hears(guest, 3)

    assert guest.recovered == [False, True]
    assert numbers(guest) == [1, 2, 3]


async def test_so_does_the_stock_client_also_when_its_node_is_killed_before_it_has_heard_anything(two: tuple[Node, Node]):
    one, other = two
    async with stock_client(one.url) as stock:
        assert (await stock.until(connected=True))["recovered"] is False
        (connection,) = one.live.connections.values()
        await one.live.rooms.follow(ROOM)
        one.live.join(connection, ROOM)
        await one.live.sure(connection)

        stock.lead_to(other.port)
        one.die()
        await stock.until(connected=False)
        await other.tell(1, 2)
        assert (await stock.until(connected=True))["recovered"] is True
        await stock.hears(2)
        stock.lead_to(other.port)
        stock.cut()
        await stock.until(connected=False)
        await other.tell(3)
        assert (await stock.until(connected=True))["recovered"] is True
        await stock.hears(3)

    assert stock.told == [1, 2, 3]


async def test_nobody_else_resumes_it_there(two: tuple[Node, Node]):
    one, other = two
    async with one.guest("guest").staying() as guest:
        await guest.call("join", ROOM)
        await one.tell(1)
        await hears(guest, 1)
        guest._auth["who"] = "thief"

        await cut(guest, other)

    assert guest.recovered == [False, False]


async def test_a_connection_that_does_not_know_it_is_dead_is_put_out_when_its_session_is_taken(two: tuple[Node, Node]):
    one, other = two
    async with one.guest("guest").staying() as guest:
        await guest.call("join", ROOM)
        double = other.guest("guest")
        double.pid, double.offset = guest.pid, guest.offset
        async with double.staying():
            async with asyncio.timeout(PATIENCE):
                while one.live.connections:
                    await asyncio.sleep(0.005)
            await one.tell(1)
            await hears(double, 1)

    assert double.recovered[0] is True
    assert (guest.byes[0]["code"], guest.closes[0]) == (Bye.REPLACED, Close.REPLACED)


async def cut_while_told(guest: Guest, here: Node, there: Node, first: int) -> None:
    for step in range(10):
        await here.tell(first + 3 * step, first + 3 * step + 1)
        await cut(guest, here if step % 2 else there)
        await there.tell(first + 3 * step + 2)
    await has(guest, *range(1, first + 30))


async def test_cut_again_and_again_between_nodes_every_event_comes_once_and_in_order(two: tuple[Node, Node]):
    one, other = two
    async with one.guest("guest").staying() as guest:
        await guest.call("join", ROOM)
        await cut_while_told(guest, one, other, 1)

    assert guest.recovered == [False] + [True] * 10
    assert sorted(numbers(guest)) == list(range(1, 31))
    assert len(set(numbers(guest))) == 30


def killed(valkey: Valkey) -> None:
    valkey.kill()


def stopped(valkey: Valkey) -> None:
    valkey.signal(signal.SIGSTOP)


def back_with_nothing(valkey: Valkey) -> None:
    valkey.start()


def going_on(valkey: Valkey) -> None:
    valkey.signal(signal.SIGCONT)


@hasty
@pytest.mark.parametrize(("go", "come"), [(killed, back_with_nothing), (stopped, going_on)])
async def test_while_valkey_is_away_local_delivery_goes_on_and_nothing_is_lost_or_doubled(
    two: tuple[Node, Node], valkey: Valkey, go: Callable[[Valkey], None], come: Callable[[Valkey], None],
):
    one, other = two
    async with one.guest("a").staying() as near, other.guest("b").staying() as far:
        for guest in (near, far):
            await guest.call("join", ROOM)
        await one.tell(*range(1, 51))
        await has(far, 50)
        go(valkey)
        await alone(one, other, near, far)
        come(valkey)
        await has(near, *range(1, 72))
        await has(far, *range(1, 72))
        await settled(one, other)
        await one.tell(100)
        await other.tell(101)
        await has(near, 100, 101)
        await has(far, 100, 101)
        await cut(near, other)
        await cut(far, one)
        await one.tell(102)
        await has(near, 102)
        await has(far, 102)

    for guest in (near, far):
        assert sorted(numbers(guest)) == [*range(1, 72), 100, 101, 102]
        assert guest.recovered == [False, True]


async def alone(one: Node, other: Node, near: Guest, far: Guest) -> None:
    """Each guest hears what his own node tells, at once; 51 to 71 in all."""
    await one.tell(51)
    await has(near, 51)
    for number in range(52, 72, 2):
        await one.tell(number)
        await other.tell(number + 1)
        await asyncio.sleep(0.1)
    await has(near, 70)
    await has(far, 71)


async def has(guest: Guest, *wanted: int) -> None:
    await guest.until(lambda: set(wanted) <= set(numbers(guest)))


async def settled(*nodes: Node) -> None:
    async with asyncio.timeout(PATIENCE):
        for node in nodes:
            while node.live.rooms._unsure or not node.bus.here.is_set():
                await asyncio.sleep(0.01)


async def test_who_was_told_without_a_number_and_is_cut_off_is_told_that_he_may_have_missed_something(
    two: tuple[Node, Node], valkey: Valkey,
):
    one, _ = two
    async with one.guest("a").staying() as guest:
        await guest.call("join", ROOM)
        await one.tell(1)
        await hears(guest, 1)
        valkey.kill()
        await one.tell(2)
        await hears(guest, 2)

        await cut(guest, one)

    assert guest.recovered == [False, False]


@hasty
async def test_what_was_told_meanwhile_where_nobody_listens_keeps_nobody_from_resuming_afterwards(
    two: tuple[Node, Node], valkey: Valkey,
):
    one, other = two
    async with one.guest("a").staying() as guest:
        await guest.call("join", ROOM)
        await one.tell(1, room="empty")
        valkey.signal(signal.SIGSTOP)
        await one.tell(2, room="empty")
        await one.tell(3)
        await hears(guest, 3)
        valkey.signal(signal.SIGCONT)
        await settled(one, other)
        await guest.until_knows(one.live.rooms.here)

        await cut(guest, other)

    assert guest.recovered == [False, True]


async def test_when_too_much_was_told_to_bring_it_who_missed_it_is_sent_to_fetch_it(
    two: tuple[Node, Node],
):
    one, _ = two
    async with one.guest("a").staying() as guest:
        await guest.call("join", ROOM)
        one.bus._audience.broken({ROOM: 5})

        async with asyncio.timeout(PATIENCE):
            while len(guest.recovered) < 2:
                await asyncio.sleep(0.01)

    assert guest.recovered[:2] == [False, False]
    assert guest.closes == [Close.MISSED]
