"""One client of the load: what a browser's Socket.IO client does, without reading what it is told."""

from __future__ import annotations

import json
import socket
import struct
import zlib
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from tests.bench.load import wire

if TYPE_CHECKING:
    from tests.bench.load.swarm import Swarm

IP_BIND_ADDRESS_NO_PORT = 24
RESET = struct.pack("ii", 1, 0)
TAIL = 48


class Stage(IntEnum):
    AWAY = 0
    CALLING = 1    # connect is under way
    UPGRADING = 2
    ENTERING = 3   # everything until it may listen
    LIVE = 4


class Guest:
    __slots__ = ("auth", "body", "close", "door", "inflate", "last", "number", "offset", "pid", "recv", "rest", "sampled", "send",
                 "source", "stage", "tail")

    def __init__(self, number: int, source: str, auth: dict[str, Any]) -> None:
        self.number, self.source, self.auth = number, source, auth
        self.stage = Stage.AWAY
        self.pid = self.offset = ""
        self.rest = self.tail = b""
        self.last = 0
        """The number of the last event it was told; 0 when it was told to begin anew."""
        self.inflate: Any = None
        self.door: socket.socket | None = None
        self.recv: Callable[[bytearray], int] = _nothing

    def call(self, host: str, port: int) -> int:
        """Begins to connect; the file descriptor."""
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        door.setsockopt(socket.SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        door.bind((self.source, 0))
        door.connect_ex((host, port))
        self.door, self.recv, self.send = door, door.recv_into, door.send
        self.stage, self.rest, self.inflate = Stage.CALLING, b"", None
        return door.fileno()

    def hang_up(self) -> None:
        """At once and without a word, as when a line is cut."""
        if self.door is not None:
            self.door.close()
        self.door, self.recv, self.stage = None, _nothing, Stage.AWAY

    def received(self, swarm: Swarm, data: bytes) -> None:
        data = self.rest + data
        if self.stage is Stage.UPGRADING:
            head, end, rest = data.partition(b"\r\n\r\n")
            if not end:
                self.rest = data
                return
            if b" 101 " not in head[:20]:
                swarm.refused(self, head[:200].decode("latin-1"))
                return
            if b"permessage-deflate" in head.lower():
                self.inflate = zlib.decompressobj(-15)
            self.stage, data = Stage.ENTERING, rest
        after = 0
        for first, payload, place in wire.frames(data):
            after = place
            self._frame(swarm, first, payload)
            if self.stage is Stage.AWAY:
                return
        self.rest = data[after:]

    def _frame(self, swarm: Swarm, first: int, payload: bytes) -> None:
        if first & wire.COMPRESSED:
            if self.inflate is None:
                if len(payload) < 30:
                    self.send(wire.PONG)
                else:
                    swarm.count()
                return
            payload = self.inflate.decompress(payload + b"\0\0\xff\xff")
            first ^= wire.COMPRESSED
        if first == wire.CLOSE:
            swarm.closed(self, int.from_bytes(payload[:2]))
        elif payload == b"2":
            self.send(wire.PONG)
        else:
            word = WORDS.get(payload[:2])
            if word:
                word(self, swarm, payload)

    def _opened(self, swarm: Swarm, _payload: bytes) -> None:
        back = {"pid": self.pid, "offset": self.offset} if self.offset else {"pid": self.pid} if self.pid else {}
        self.send(wire.enter(self.auth | back))

    def _entered(self, swarm: Swarm, payload: bytes) -> None:
        told = json.loads(payload[2:] or b"{}")
        pid, before = told.get("pid", ""), self.pid
        self.pid = pid
        if before and pid == before:
            swarm.recovered += 1
            swarm.arrived(self)
            return
        if before:
            swarm.lost_place += 1
            self.last = 0
        if swarm.watch:
            self.send(wire.ask(0, "watch", swarm.watch))
        else:
            swarm.arrived(self)

    def _answered(self, swarm: Swarm, payload: bytes) -> None:
        number, _, answer = payload[2:].partition(b"[")
        if b'"ok":true' not in answer[:40]:
            swarm.refused(self, answer[:200].decode())
        elif number == b"0":
            swarm.arrived(self)
        else:
            swarm.answered(self)

    def _refused(self, swarm: Swarm, payload: bytes) -> None:
        swarm.refused(self, payload[2:200].decode())

    def _told(self, swarm: Swarm, payload: bytes) -> None:
        if payload.startswith(wire.TELL):
            swarm.told(self, payload)
        elif payload.startswith(wire.AT):
            self.tail = payload[-TAIL:]

    def settle(self, sampled: bool) -> None:
        """What is compressed is read by a few only: it would cost the load more than the server."""
        if not sampled:
            self.inflate = None


WORDS = {
    b"0{": Guest._opened,
    b"40": Guest._entered,
    b"42": Guest._told,
    b"43": Guest._answered,
    b"44": Guest._refused,
}


def _nothing(_buffer: bytearray) -> int:
    return 0
