"""Live connections of one process: who is connected, in which rooms, and what each has missed.

Speaks Engine.IO v4 and Socket.IO v5 over websocket; a stock client of 4.6 or later that was cut
off resumes by itself (`socket.recovered`). Nothing is awaited, queued or timed per recipient.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

import structlog

from hub.bus.memory import MemoryBus
from hub.bus.port import Bus
from hub.gateway.live import packets
from hub.gateway.live.acks import Acks, HandOn, Reached
from hub.gateway.live.connection import Connection, Stage
from hub.gateway.live.door import Door, Limits, Verdict
from hub.gateway.live.knock import BadKnock, Knock
from hub.gateway.live.packets import Packet
from hub.gateway.live.rooms import Rooms
from hub.gateway.live.sessions import Keep, Kept, NoKeep, Session, Sessions
from hub.wire.words import ACK, BYE, Bye, Close

log = structlog.get_logger()

PING_SECONDS, PONG_SECONDS = 25, 20
SIGN_IN_SECONDS = 10
FRAME_BYTES = 1_000_000
BUDGET = 4 * 2**20
"""Bytes that may wait for a slow reader before it is sent away to resume."""
ROUNDS_TO_RENEW = 12
"""Of the wheel, after which a kept session is written again: long before it runs out."""
FAREWELL_SECONDS = 5.0
"""Who was told to go and does not read it is cut off then."""


class Entered(NamedTuple):
    """`who` must be the same for a session to be resumed; `card` is shown to the door again then."""

    guest: Any
    who: str
    card: str = ""


Enter = Callable[[Connection, Knock, Mapping[str, Any]], Awaitable[Entered]]
"""(connection, knock, credentials). Raises Refusal."""

Again = Callable[[Connection, Knock, Mapping[str, Any], str], Entered | None]
"""(connection, knock, credentials, card): who comes back with what he came with needs no new proof.
Nothing is awaited. None: Enter."""

Answer = Callable[[Connection, str, list[Any]], Awaitable[Any]]
"""(connection, event, arguments) → what the acknowledgement says. Never raises."""


class Refusal(Exception):
    """Raised by Enter: what the client's connect_error gets."""

    def __init__(self, message: str, problem: Any) -> None:
        super().__init__(message)
        self.problem = problem


AddressOf = Callable[[str, Knock | None], str | None]
"""(peer, knock) → the address that counts; None while only a proxy is known, and its guest is not yet."""


def peer_alone(peer: str, _knock: Knock | None) -> str:
    return peer


def nobody_again(_connection: Connection, _knock: Knock, _auth: Mapping[str, Any], _card: str) -> None:
    """Everybody goes through the door."""


async def unheard(_reached: Sequence[Reached]) -> bool:
    """Nobody asks what reached the guests."""
    return True


class LiveServer:
    def __init__(
        self, *, enter: Enter, answer: Answer, left: Callable[[Connection], None], door: Door | None = None,
        address_of: AddressOf = peer_alone, too_much: Callable[[Connection, float], Any] = lambda _, wait: {"ok": False},
        ping_seconds: int = PING_SECONDS, bus: Bus | None = None, keep: Keep | None = None,
        again: Again = nobody_again, arrived: Callable[[Connection], None] = lambda _: None,
        reached: HandOn = unheard, farewell_seconds: float = FAREWELL_SECONDS,
    ) -> None:
        """`too_much`: what an acknowledgement says to who asks more than he may. `reached`: what guests
        say they have; returns when it is durable. `farewell_seconds`: so long who is sent away may read what still waits for him."""
        self.http: Callable[[], asyncio.Protocol] = asyncio.Protocol
        """Makes the protocol for what is no live connection."""
        self.frame_bytes = FRAME_BYTES
        self.connections: dict[str, Connection] = {}
        self._bus = bus or MemoryBus()
        self._node = secrets.token_hex(8)
        self.sessions = Sessions(keep or NoKeep(), self._node)
        self.rooms = Rooms(self._bus, self.connections, self.sessions.begin_anew, self._missed)
        self._bus.hear(f"@node/{self._node}", self._taken)
        self._acks = Acks(self.rooms.history, reached)
        self._again, self._arrived = again, arrived
        self._enter, self._answer, self._left = enter, answer, left
        self.door = door or Door(Limits())
        self._address_of, self._too_much, self._farewell_seconds = address_of, too_much, farewell_seconds
        self._closing: deque[tuple[float, Connection]] = deque()
        self._newcomers: deque[tuple[float, Connection]] = deque()
        self._wheel: list[dict[Connection, None]] = [{} for _ in range(ping_seconds)]
        self._hand = self._round = self._entries = 0
        self._group: asyncio.TaskGroup | None = None

    def protocol(self) -> Connection:
        return Connection(self)

    async def run(self) -> None:
        """The one timer: pings, deadlines and forgetting. Also the home of what guests ask."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            group.create_task(self._acks.run())
            due = time.monotonic()
            while True:
                due += 1.0
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                self.tick(time.monotonic())

    def tick(self, now: float) -> None:
        self._hand = (self._hand + 1) % len(self._wheel)
        self._round += self._hand == 0
        for connection in list(self._wheel[self._hand]):
            if self._round % ROUNDS_TO_RENEW == ROUNDS_TO_RENEW - 1:
                self.sessions.changed(connection.pid)
            if connection.heard:
                connection.heard = False
                connection.write(packets.PING_FRAME)
            else:
                connection.close(Close.UNHEARD)
                connection.transport.abort()
        while self._newcomers and self._newcomers[0][0] < now - SIGN_IN_SECONDS:
            _, connection = self._newcomers.popleft()
            if connection.stage < Stage.LIVE:
                self._too_late(connection)
        while self._closing and self._closing[0][0] < now - self._farewell_seconds:
            self._closing.popleft()[1].transport.abort()
        self.sessions.tick(now)

    # --- the life of a connection -----------------------------------------------------------------

    def _too_late(self, connection: Connection) -> None:
        if connection.stage < Stage.OPEN:
            connection.transport.abort()
        else:
            connection.close(Close.NOT_SIGNED_IN, f"sign in within {SIGN_IN_SECONDS} s")

    def came(self, connection: Connection) -> bool:
        """False: too many come from there just now, and not a word is lost on it."""
        now, peer = time.monotonic(), connection.transport.get_extra_info("peername")
        connection.address = str(peer[0]) if peer else ""
        address = self._address_of(connection.address, None)
        if address is not None and self.door.knock(address, now):
            return False
        self._newcomers.append((now, connection))
        return True

    def admit(self, connection: Connection) -> None:
        """Raises BadKnock."""
        peer = connection.address
        known, connection.address = self._address_of(peer, None), self._address_of(peer, connection.knock) or peer
        wait = self.door.knock(connection.address, time.monotonic()) if known is None else 0.0
        if wait:
            raise BadKnock(429, "too many knock from this address", retry_after=wait)
        self.door.admit(connection.address, len(self.connections))
        connection.admitted = True

    def closing(self, connection: Connection) -> None:
        self._closing.append((time.monotonic(), connection))

    def new_id(self) -> str:
        return secrets.token_urlsafe(15)

    def opening(self, sid: str) -> bytes:
        return packets.opened(sid, interval_ms=len(self._wheel) * 1000, timeout_ms=PONG_SECONDS * 1000, most=FRAME_BYTES)

    def enter(self, connection: Connection, auth: Mapping[str, Any]) -> None:
        self._spawn(self._entered(connection, auth))

    async def _entered(self, connection: Connection, auth: Mapping[str, Any]) -> None:
        pid = str(auth.get("pid", ""))[:64]
        session = await self.sessions.find(pid)
        try:
            entered = await self._shown(connection, auth, session)
        except Refusal as refusal:
            connection.write(packets.refused({"message": str(refusal), "data": refusal.problem}))
            if connection.stage is Stage.ENTERING:
                connection.stage = Stage.OPEN
            return
        if session is not None and (session.kept.who != entered.who or self.sessions.barred(session.kept, entered.guest)):
            session = None
        since = None if session is None else await self.rooms.gather(session.kept, str(auth.get("offset", "")))
        if connection.stage is not Stage.GONE:
            self._seat(connection, entered)
            self._welcome(connection, entered, pid, session, since)
        elif session is not None:
            self.rooms.stay_away(session.kept)

    async def _shown(self, connection: Connection, auth: Mapping[str, Any], session: Session | None) -> Entered:
        """Raises Refusal."""
        known = None if session is None else self._again(connection, connection.knock, auth, session.kept.card)
        return known or Entered(*await self._enter(connection, connection.knock, auth))

    def _seat(self, connection: Connection, entered: Entered) -> None:
        connection.enter(entered.guest)
        if not connection.account:
            connection.account = entered.who
            self.door.enter(connection.address, entered.who)
        connection.budget = connection.budget or BUDGET
        self.connections[connection.sid] = connection
        connection.slot = self._wheel[self._entries % len(self._wheel)]
        connection.slot[connection] = None
        self._entries += 1

    def _welcome(
        self, connection: Connection, entered: Entered, pid: str, session: Session | None, since: int | None,
    ) -> None:
        """Resumed or new; what was missed and what is live stand in one order, for nothing is awaited."""
        missed = None if session is None else self.rooms.missed(session.kept, since)
        if session is None or missed is None:
            if session is not None:
                self.rooms.stay_away(session.kept)
                self.sessions.forget(pid)
            pid, session = self.new_id(), Session(Kept(who=entered.who, card=entered.card, rooms={}, since=self._bus.number))
        session.kept.card = entered.card
        self._take_over(connection, pid, session)
        connection.pid, connection.rooms = pid, session.kept.rooms
        self.rooms.come_back(connection)
        connection.write(packets.connected(connection.sid, pid) + b"".join(missed or ()))
        self._arrived(connection)

    def _take_over(self, connection: Connection, pid: str, session: Session) -> None:
        """Of two connections of one session the older is dead, and has not noticed yet."""
        node = session.kept.node
        other = self.sessions.hold(pid, session, connection)
        if other is not None:
            self._give_up(other)
        if node and node != self._node:
            self._bus.signal(f"@node/{node}", pid.encode())

    def _taken(self, pid: bytes) -> None:
        if (other := self.sessions.taken(pid.decode())) is not None:
            self._give_up(other)

    def _give_up(self, connection: Connection) -> None:
        """Where it is not dead after all, it was copied: the two must not put each other out for ever."""
        self.part(connection, Bye.REPLACED, Close.REPLACED, 60.0)
        connection.write = _nowhere

    def _missed(self, connection: Connection) -> None:
        """He comes back by himself, is not recovered, and fetches his snapshots."""
        self.sessions.forget(connection.pid)
        connection.close(Close.MISSED)

    def lost(self, connection: Connection, stage: Stage) -> None:
        """Costs the rooms of this connection only."""
        if connection.admitted:
            self.door.leave(connection.address, connection.account)
        if stage is not Stage.LIVE:
            return
        self.connections.pop(connection.sid, None)
        connection.slot.pop(connection, None)
        self.rooms.leave_all(connection)
        self.sessions.cut(connection.pid, connection, time.monotonic())
        self._left(connection)

    def too_slow(self, connection: Connection) -> None:
        """What waits for it still goes out, and then that it shall come back; it resumes and misses nothing."""
        connection.write = _nowhere
        log.info("slow reader", sid=connection.sid, waiting=connection.transport.get_write_buffer_size())
        connection.close(Close.SLOW, "slow, resume")

    # --- rooms ------------------------------------------------------------------------------------

    def join(self, connection: Connection, room: str) -> None:
        """After `rooms.follow`."""
        if self.rooms.join(connection, room):
            self.sessions.changed(connection.pid)

    def leave(self, connection: Connection, room: str) -> None:
        if self.rooms.leave(connection, room):
            self.sessions.changed(connection.pid)

    async def sure(self, connection: Connection) -> None:
        """Whoever resumes this session anywhere finds it as it is now."""
        await self.sessions.sure(connection.pid)

    def evict(self, room: str, held: Callable[[Any], bool], name: str, words: Any) -> None:
        """Guests for whom `held` is true leave and are told `words`. Who is cut off just now and was in
        the room resumes nothing: he comes back as a new guest."""
        for connection in self.rooms.members(room):
            if held(connection.guest):
                self.leave(connection, room)
                self.send(connection, name, words)
        self.sessions.bar(room, held, time.monotonic())

    # --- what guests ask --------------------------------------------------------------------------

    def event(self, connection: Connection, packet: Packet, size: int) -> None:
        verdict, wait = self.door.say(connection.account, size, time.monotonic())
        if verdict is Verdict.FINE and packet.body[0] == ACK:
            self._acks.take(connection, packet)
        elif verdict is Verdict.FINE:
            self._spawn(self._answered(connection, packet))
        elif verdict is Verdict.FLOOD:
            self.part(connection, Bye.TOO_MUCH, Close.TOO_MUCH, max(wait, 1.0))
        elif packet.ack is not None:
            connection.write(packets.acknowledged(packet.ack, self._too_much(connection, wait)))

    async def _answered(self, connection: Connection, packet: Packet) -> None:
        answer = await self._answer(connection, packet.body[0], packet.body[1:])
        if packet.ack is not None and connection.stage is Stage.LIVE:
            connection.write(packets.acknowledged(packet.ack, answer))

    def send(self, connection: Connection, name: str, payload: Any) -> None:
        """To this one alone, outside the order that can be resumed: the last argument is no string."""
        connection.write(packets.event(name, payload))

    def part(self, connection: Connection, bye: Bye, code: Close, retry_after: float) -> None:
        """The session stays: who comes back resumes."""
        self.send(connection, BYE, {"code": bye, "retry_after": retry_after, "why": bye})
        connection.close(code, bye)

    def dismiss(self, connection: Connection, bye: Bye, code: Close, retry_after: float) -> None:
        """The session is forgotten: there is nothing to resume."""
        self.send(connection, BYE, {"code": bye, "retry_after": retry_after, "why": bye})
        self.sessions.forget(connection.pid)
        connection.write(packets.DISCONNECT_FRAME)
        connection.close(code)

    def _spawn(self, work: Any) -> None:
        if self._group is None:
            work.close()
            return
        self._group.create_task(work)


def _nowhere(_frame: bytes) -> None:
    """A connection that was given up takes nothing more."""
