"""Live connections of one process: who is connected, in which rooms, and what each has missed.

Speaks Engine.IO v4 and Socket.IO v5 over websocket; a stock client of 4.6 or later that was cut
off resumes by itself (`socket.recovered`). Nothing is awaited, queued or timed per recipient.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import msgspec
import structlog

from hub.gateway.live import frames, packets
from hub.gateway.live.connection import Connection, Stage
from hub.gateway.live.door import Door, Limits, Verdict
from hub.gateway.live.history import History
from hub.gateway.live.knock import BadKnock, Knock
from hub.gateway.live.packets import Packet
from hub.wire.words import BYE, Bye, Close

log = structlog.get_logger()

PING_SECONDS, PONG_SECONDS = 25, 20
SIGN_IN_SECONDS = 10
FRAME_BYTES = 1_000_000
BUDGET = 4 * 2**20
"""Bytes that may wait for a slow reader before it is sent away to resume."""
KEPT_SECONDS = 600.0
FAREWELL_SECONDS = 5.0
"""Who was told to go and does not read it is cut off then."""
NEWEST = 10_000
"""Rooms of which the newest frame is kept for who comes back."""


Enter = Callable[[Connection, Knock, Mapping[str, Any]], Awaitable[tuple[Any, str]]]
"""(connection, knock, credentials) → (guest, who). `who` must be the same for a session to be resumed."""

Answer = Callable[[Connection, str, list[Any]], Awaitable[Any]]
"""(connection, event, arguments) → what the acknowledgement says. Never raises."""


class Refusal(Exception):
    """Raised by Enter: what the client's connect_error gets."""

    def __init__(self, message: str, problem: Any) -> None:
        super().__init__(message)
        self.problem = problem


class Session(msgspec.Struct):
    """What is kept of a connection that was cut: its rooms, and the number when it came."""

    who: str
    rooms: dict[str, int]
    since: int
    cut_at: float | None = None


AddressOf = Callable[[str, Knock | None], str | None]
"""(peer, knock) → the address that counts; None while only a proxy is known, and its guest is not yet."""


def peer_alone(peer: str, _knock: Knock | None) -> str:
    return peer


class LiveServer:
    def __init__(
        self, *, enter: Enter, answer: Answer, left: Callable[[Connection], None], door: Door | None = None,
        address_of: AddressOf = peer_alone, too_much: Callable[[Connection, float], Any] = lambda _, wait: {"ok": False},
        ping_seconds: int = PING_SECONDS,
    ) -> None:
        """`too_much`: what an acknowledgement says to who asks more than he may."""
        self.http: Callable[[], asyncio.Protocol] = asyncio.Protocol
        """Makes the protocol for what is no live connection."""
        self.frame_bytes = FRAME_BYTES
        self.connections: dict[str, Connection] = {}
        self.history = History(secrets.token_hex(4), window=KEPT_SECONDS)
        self.told = 0
        self._enter, self._answer, self._left = enter, answer, left
        self.door = door or Door(Limits())
        self._address_of, self._too_much = address_of, too_much
        self._closing: deque[tuple[float, Connection]] = deque()
        self._newest: dict[str, bytes] = {}
        self._rooms: dict[str, dict[Connection, None]] = {}
        self._sessions: dict[str, Session] = {}
        self._cut: deque[tuple[float, str]] = deque()
        self._newcomers: deque[tuple[float, Connection]] = deque()
        self._wheel: list[dict[Connection, None]] = [{} for _ in range(ping_seconds)]
        self._hand = self._entries = 0
        self._group: asyncio.TaskGroup | None = None

    def protocol(self) -> Connection:
        return Connection(self)

    async def run(self) -> None:
        """The one timer: pings, deadlines and forgetting. Also the home of what guests ask."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            due = time.monotonic()
            while True:
                due += 1.0
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                self.tick(time.monotonic())

    def tick(self, now: float) -> None:
        self._hand = (self._hand + 1) % len(self._wheel)
        for connection in list(self._wheel[self._hand]):
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
        while self._closing and self._closing[0][0] < now - FAREWELL_SECONDS:
            self._closing.popleft()[1].transport.abort()
        while self._cut and self._cut[0][0] < now - KEPT_SECONDS:
            cut_at, pid = self._cut.popleft()
            session = self._sessions.get(pid)
            if session is not None and session.cut_at == cut_at:
                del self._sessions[pid]

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
        try:
            guest, who = await self._enter(connection, connection.knock, auth)
        except Refusal as refusal:
            connection.write(packets.refused({"message": str(refusal), "data": refusal.problem}))
            if connection.stage is Stage.ENTERING:
                connection.stage = Stage.OPEN
            return
        if connection.stage is Stage.GONE:
            return
        connection.enter(guest)
        if not connection.account:
            connection.account = who
            self.door.enter(connection.address, who)
        connection.budget = connection.budget or BUDGET
        self.connections[connection.sid] = connection
        connection.slot = self._wheel[self._entries % len(self._wheel)]
        connection.slot[connection] = None
        self._entries += 1
        self._welcome(connection, who, auth)

    def _welcome(self, connection: Connection, who: str, auth: Mapping[str, Any]) -> None:
        """Resumed or new; what was missed and what is live stand in one order, for nothing is awaited."""
        pid, missed = str(auth.get("pid", ""))[:64], None
        session = self._sessions.get(pid)
        if session is not None and session.who == who:
            since = self.history.position(str(auth.get("offset", ""))) if auth.get("offset") else session.since
            missed = None if since is None else self.history.missed(session.rooms, since)
        if session is None or missed is None:
            pid, session = self.new_id(), Session(who, {}, self.history.number)
        connection.pid, connection.rooms, session.cut_at = pid, session.rooms, None
        self._sessions[pid] = session
        for room in session.rooms:
            self._rooms.setdefault(room, {})[connection] = None
        newest = (self._newest[room] for room in session.rooms if room in self._newest)
        connection.write(packets.connected(connection.sid, pid) + b"".join((*(missed or ()), *newest)))

    def lost(self, connection: Connection, stage: Stage) -> None:
        """Costs the rooms of this connection only."""
        if connection.admitted:
            self.door.leave(connection.address, connection.account)
        if stage is not Stage.LIVE:
            return
        self.connections.pop(connection.sid, None)
        connection.slot.pop(connection, None)
        for room in connection.rooms:
            self._leave_room(connection, room)
        session = self._sessions.get(connection.pid)
        if session is not None:
            session.cut_at = time.monotonic()
            self._cut.append((session.cut_at, connection.pid))
        self._left(connection)

    def too_slow(self, connection: Connection) -> None:
        """What waits for it still goes out, and then that it shall come back; it resumes and misses nothing."""
        connection.write = _nowhere
        log.info("slow reader", sid=connection.sid, waiting=connection.transport.get_write_buffer_size())
        connection.close(Close.SLOW, "slow, resume")

    # --- rooms ------------------------------------------------------------------------------------

    def join(self, connection: Connection, room: str) -> None:
        self._rooms.setdefault(room, {})[connection] = None
        connection.rooms.setdefault(room, self.history.number)

    def leave(self, connection: Connection, room: str) -> None:
        connection.rooms.pop(room, None)
        self._leave_room(connection, room)

    def _leave_room(self, connection: Connection, room: str) -> None:
        members = self._rooms.get(room)
        if members is not None:
            members.pop(connection, None)
            if not members:
                del self._rooms[room]

    def tell(self, room: str, name: str, payload: bytes) -> None:
        """`payload` is JSON. Encoded once; the same bytes to every member; kept for who is cut off."""
        number, offset = self.history.next()
        frame = frames.frame(frames.TEXT, b'42["' + name.encode() + b'",' + payload + b',"' + offset.encode() + b'"]')
        self.history.keep(room, number, frame, time.monotonic())
        members: Collection[Connection] = self._rooms.get(room, ())
        for connection in list(members):
            connection.write(frame)
        self.told += len(members)

    def tell_newest(self, room: str, name: str, payload: bytes) -> None:
        """For rooms that begin with LATEST: no offset, not in the history; of what waits for a slow reader,
        and for who comes back, only the newest."""
        frame = frames.frame(frames.TEXT, b'42["' + name.encode() + b'",' + payload + b',null]')
        self._newest.pop(room, None)
        self._newest[room] = frame
        if len(self._newest) > NEWEST:
            del self._newest[next(iter(self._newest))]
        members = list(self._rooms.get(room, ()))
        for connection in members:
            connection.offer_newest(room, frame)
        self.told += len(members)

    def signal(self, room: str, name: str, payload: bytes) -> None:
        """May be lost: nothing is kept, it has no place in the order, and a slow reader misses it. `payload` is JSON, and no string."""
        frame = frames.frame(frames.TEXT, b'42["' + name.encode() + b'",' + payload + b"]")
        for connection in list(self._rooms.get(room, ())):
            connection.offer(frame)

    def evict(self, room: str, held: Callable[[Any], bool], name: str, words: Any) -> None:
        """Guests for whom `held` is true leave and are told `words`. Who is cut off just now and was in
        the room resumes nothing: he comes back as a new guest."""
        for connection in list(self._rooms.get(room, ())):
            if held(connection.guest):
                self.leave(connection, room)
                self.send(connection, name, words)
        for pid in [pid for pid, session in self._sessions.items() if session.cut_at is not None and room in session.rooms]:
            del self._sessions[pid]

    def told_in(self, room: str) -> int:
        """The number of the last telling; 0 where none is remembered."""
        return self.history.last(room)

    # --- what guests ask --------------------------------------------------------------------------

    def event(self, connection: Connection, packet: Packet, size: int) -> None:
        verdict, wait = self.door.say(connection.account, size, time.monotonic())
        if verdict is Verdict.FINE:
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

    def dismiss(self, connection: Connection, code: Close) -> None:
        """The session is forgotten: there is nothing to resume."""
        self._sessions.pop(connection.pid, None)
        connection.write(packets.DISCONNECT_FRAME)
        connection.close(code)

    def _spawn(self, work: Any) -> None:
        if self._group is None:
            work.close()
            return
        self._group.create_task(work)


def _nowhere(_frame: bytes) -> None:
    """A connection that was given up takes nothing more."""
