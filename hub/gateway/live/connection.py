"""One live connection: a protocol on a transport, no task, no timer, no queue of its own.

It answers the first bytes by what they ask for: a live connection is served here, everything else
is handed to the HTTP server as if it had been there from the start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, cast

from hub.gateway.live import frames, packets
from hub.gateway.live.knock import HEAD_BYTES, BadKnock, Knock, http_refusal, is_for_us, read_knock
from hub.gateway.live.packets import BadPacket, Engine, Kind, Packet

if TYPE_CHECKING:
    from hub.gateway.live.server import LiveServer

HIGH_WATER = 64 * 1024
STRANGER_BYTES = 8 * 1024
"""A message before it is known who speaks."""


class Stage(IntEnum):
    PEEK = 0     # what does it want?
    HEAD = 1     # the request is coming in
    OPEN = 2     # Engine.IO is open, nobody has signed in
    ENTERING = 3
    LIVE = 4
    GONE = 5


class Connection(asyncio.Protocol):
    __slots__ = ("__weakref__", "_buffer", "_newest", "_reader", "account", "acked", "address", "admitted", "budget", "guest", "heard",
                 "knock", "paused", "pid", "rooms", "server", "sid", "slot", "stage", "transport", "write")

    transport: asyncio.Transport
    write: Callable[[bytes], None]
    knock: Knock
    slot: dict[Connection, None]
    """Those who are pinged in the same second."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        self.stage = Stage.PEEK
        self._buffer = b""
        self._reader: frames.Reader | None = None
        self.sid = self.pid = ""
        self.rooms: dict[str, int] = {}
        """Room → the number at which it was joined."""
        self.guest: Any = None
        self.address = self.account = ""
        """Where it comes from; and who it is, once that is known."""
        self.admitted = False
        self.acked = 0
        """Everything up to this number has reached the guest."""
        self.budget = 0
        """Bytes that may wait while it reads slowly."""
        self.heard = True
        self.paused = False
        self._newest: dict[str, bytes] | None = None
        """While it is paused: the newest frame of each room of which only the newest counts."""

    # --- the transport ----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are asyncio's in all but name.
        self.transport = cast(asyncio.Transport, transport)
        self.write = self.transport.write
        if not self.server.came(self):
            self.stage = Stage.GONE
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        if self.stage >= Stage.OPEN:
            self.heard = True
            if self.stage is not Stage.GONE:
                self._frames(data)
        elif len(self._buffer) + len(data) > HEAD_BYTES and self.stage is Stage.HEAD:
            self._turn_away(BadKnock(400, "the request is too long"))
        else:
            self._buffer += data
            self._look()

    def connection_lost(self, exc: BaseException | None) -> None:
        stage, self.stage = self.stage, Stage.GONE
        if Stage.HEAD <= stage < Stage.GONE:
            self.server.lost(self, stage)

    def pause_writing(self) -> None:
        """The guest reads slowly: from now on every frame is weighed."""
        self.write, self.paused = self._write_if_there_is_room, True

    def resume_writing(self) -> None:
        if self.write != self._write_if_there_is_room:
            return  # given up meanwhile
        self.write, self.paused = self.transport.write, False
        newest, self._newest = self._newest, None
        if newest:
            self.transport.write(b"".join(newest.values()))

    def offer_newest(self, room: str, frame: bytes) -> None:
        """Of this room only the newest frame waits for a slow reader."""
        if not self.paused:
            self.write(frame)
        elif self._newest is None:
            self._newest = {room: frame}
        else:
            self._newest[room] = frame

    def offer(self, frame: bytes) -> None:
        """A slow reader misses it."""
        if not self.paused:
            self.write(frame)

    def _write_if_there_is_room(self, frame: bytes) -> None:
        if self.transport.get_write_buffer_size() + len(frame) > self.budget:
            self.server.too_slow(self)
        else:
            self.transport.write(frame)

    # --- the door ---------------------------------------------------------------------------------

    def _look(self) -> None:
        if self.stage is Stage.PEEK:
            ours = is_for_us(self._buffer)
            if ours is None:
                return
            if not ours:
                self._hand_over()
                return
            self.stage = Stage.HEAD
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        try:
            self.knock, answer = read_knock(head)
            self.server.admit(self)
        except BadKnock as refusal:
            self._turn_away(refusal)
            return
        self._open(answer, rest)

    def adopt(self, transport: asyncio.Transport, head: bytes) -> None:
        """Takes over a connection on which the HTTP server served before. Raises BadKnock."""
        self.connection_made(transport)
        try:
            self.knock, answer = read_knock(head)
            self.server.admit(self)
        except BadKnock:
            self.stage = Stage.GONE
            raise
        self.stage = Stage.HEAD
        transport.set_protocol(self)
        self._open(answer, b"")

    def _hand_over(self) -> None:
        self.stage, received = Stage.GONE, self._buffer
        protocol = self.server.http()
        self.transport.set_protocol(protocol)
        protocol.connection_made(self.transport)
        protocol.data_received(received)

    def _turn_away(self, refusal: BadKnock) -> None:
        self.transport.write(http_refusal(refusal))
        self.transport.close()

    def _open(self, answer: bytes, rest: bytes) -> None:
        self.transport.set_write_buffer_limits(high=HIGH_WATER)
        self._reader, self._buffer, self.stage = frames.Reader(STRANGER_BYTES), b"", Stage.OPEN
        self.sid = self.server.new_id()
        self.transport.write(answer + self.server.opening(self.sid))
        if rest:
            self._frames(rest)

    def enter(self, guest: Any) -> None:
        """It is known who this is: he may say more at once."""
        assert self._reader is not None
        self.guest, self.stage, self._reader.limit = guest, Stage.LIVE, self.server.frame_bytes

    # --- frames and packets -----------------------------------------------------------------------

    def _frames(self, data: bytes) -> None:
        assert self._reader is not None
        try:
            for opcode, payload in self._reader.feed(data):
                if self.stage is Stage.GONE:
                    return
                OPCODES[opcode](self, payload)
        except frames.BadFrame as bad:
            self.close(bad.code, str(bad))
        except (BadPacket, UnicodeDecodeError) as bad:
            self.close(frames.POLICY, str(bad))

    def _text(self, payload: bytes) -> None:
        message = payload.decode()
        kind = message[:1]
        if kind == Engine.MESSAGE:
            self._packet(packets.read(message[1:]), len(payload))
        elif kind == Engine.PING:
            self.write(frames.text(Engine.PONG + message[1:]))
        elif kind == Engine.CLOSE:
            self.close(frames.NORMAL)
        elif kind != Engine.PONG:
            raise BadPacket("an unknown Engine.IO packet")

    def _packet(self, packet: Packet, size: int) -> None:
        if packet.kind is Kind.CONNECT:
            self._connect(packet)
        elif self.stage is not Stage.LIVE or packet.namespace != "/":
            raise BadPacket("not connected")
        elif packet.kind is Kind.EVENT:
            self.server.event(self, packet, size)
        elif packet.kind is Kind.DISCONNECT:
            self.close(frames.NORMAL)

    def _connect(self, packet: Packet) -> None:
        if packet.namespace != "/":
            self.write(packets.refused({"message": "Invalid namespace"}, packet.namespace))
        elif self.stage is Stage.OPEN:
            self.stage = Stage.ENTERING
            self.server.enter(self, packet.body or {})
        else:
            raise BadPacket("connected twice")

    def _binary(self, _payload: bytes) -> None:
        raise frames.BadFrame(frames.UNSUPPORTED, "binary frames are not spoken here")

    def _ping(self, payload: bytes) -> None:
        self.write(frames.frame(frames.PONG, payload))

    def _pong(self, _payload: bytes) -> None:
        pass

    def _close(self, payload: bytes) -> None:
        self.close(int.from_bytes(payload[:2]) if len(payload) >= 2 else frames.NORMAL)

    def close(self, code: int, why: str = "") -> None:
        if self.transport.is_closing():
            return
        self.transport.write(frames.close(code if 1000 <= code < 5000 and code not in (1005, 1006) else 1002, why))
        self.transport.close()
        self.server.closing(self)


OPCODES: dict[int, Callable[[Connection, bytes], None]] = {
    frames.TEXT: Connection._text,  # noqa: SLF001 - the table of its own methods
    frames.BINARY: Connection._binary,  # noqa: SLF001
    frames.CLOSE: Connection._close,  # noqa: SLF001
    frames.PING: Connection._ping,  # noqa: SLF001
    frames.PONG: Connection._pong,  # noqa: SLF001
}
