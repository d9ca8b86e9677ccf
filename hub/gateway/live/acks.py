"""What guests say they have: one offset for all before it, gathered and handed on together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from hub.gateway.live import packets
from hub.gateway.live.connection import Connection, Stage
from hub.gateway.live.history import History
from hub.gateway.live.packets import Packet

TICK = 0.005
"""Seconds in which the acknowledgements of all connections become one."""

SAID: Mapping[str, Any] = {"ok": True}
NOT_OURS: Mapping[str, Any] = {"ok": False}


class Reached(NamedTuple):
    """The frames of a room that have reached this guest."""

    guest: Any
    room: str
    frames: list[bytes]


HandOn = Callable[[Sequence[Reached]], Awaitable[bool]]
"""True when it is durable. Never raises."""


class Acks:
    """Guests are answered when what they said is durable."""

    def __init__(self, history: History, hand_on: HandOn) -> None:
        self._history, self._hand_on = history, hand_on
        self._said: dict[Connection, int] = {}
        self._answers: list[tuple[Connection, int]] = []
        self._some = asyncio.Event()

    def take(self, connection: Connection, packet: Packet) -> None:
        offset = packet.body[1] if len(packet.body) > 1 else None
        number = self._history.claimed(offset) if isinstance(offset, str) else None
        if number is None:
            if packet.ack is not None:
                connection.write(packets.acknowledged(packet.ack, NOT_OURS))
            return
        self._said[connection] = max(number, self._said.get(connection, 0))
        if packet.ack is not None:
            self._answers.append((connection, packet.ack))
        self._some.set()

    async def run(self) -> None:
        while True:
            await self._some.wait()
            await asyncio.sleep(TICK)
            self._some.clear()
            said, self._said = self._said, {}
            answers, self._answers = self._answers, []
            before = {connection: connection.acked for connection in said}
            reached = [one for connection, number in said.items() for one in self._reached(connection, number)]
            durable = not reached or await self._hand_on(reached)
            if not durable:
                for connection, number in before.items():
                    connection.acked = number
            for connection, ack in answers:
                if connection.stage is Stage.LIVE:
                    connection.write(packets.acknowledged(ack, SAID if durable else NOT_OURS))

    def _reached(self, connection: Connection, number: int) -> list[Reached]:
        before, connection.acked = connection.acked, max(connection.acked, number)
        if number <= before:
            return []
        found = ((room, self._history.after(room, max(before, joined), number)) for room, joined in connection.rooms.items())
        return [Reached(connection.guest, room, some) for room, some in found if some]
