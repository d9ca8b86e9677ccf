"""A hub process's line to a process beside it (plane, studio): asks and is answered, hears what is told,
and dials again when the line breaks. Parcels are `[n, message]`; n of what is told is 0.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import structlog

from hub.kernel.errors import (
    Broken,
    Conflict,
    Forbidden,
    HubError,
    Malformed,
    NotFound,
    Refused,
    TooLarge,
    TooMany,
    TryAgain,
)
from hub.wire.parcels import Opener, Parcels, parcel
from media.wires import Failed

log = structlog.get_logger()

T = TypeVar("T")

REDIAL, LONGEST_REDIAL = 0.02, 0.1
PATIENCE = 3.0
"""Seconds that an asker waits for a line that is being dialled again."""
ANSWER_SECONDS = 10.0
ERRORS: dict[int, type[HubError]] = {
    400: Malformed, 403: Forbidden, 404: NotFound, 409: Conflict, 413: TooLarge, 422: Refused, 429: TooMany, 500: Broken, 503: TryAgain,
}


class Line:
    """`shape`: of `(n, answer or told)`. `told` is called on the loop, in order; `lost` when the line broke."""

    def __init__(
        self, socket: Path, shape: Any, *, away: Callable[[], TryAgain], told: Callable[[Any], None], lost: Callable[[], None],
    ) -> None:
        self._socket, self._opener, self._away, self._told, self._lost = socket, Opener[tuple[int, Any]](shape), away, told, lost
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self._call: _Call | None = None
        self._up = asyncio.Event()

    @property
    def up(self) -> bool:
        return self._call is not None

    async def run(self) -> None:
        """Keeps the line up until cancelled."""
        pause = REDIAL
        while True:
            try:
                _, call = await asyncio.get_running_loop().create_unix_connection(lambda: _Call(self._took), str(self._socket))
            except OSError:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_REDIAL)
                continue
            self._call, pause = call, REDIAL
            self._up.set()
            try:
                await call.over.wait()
            finally:
                self._hung_up(call)

    async def ask(self, request: Any, shape: type[T], within: float = ANSWER_SECONDS) -> T:
        """Raises TryAgain while the other side is away, and what it refused with."""
        call = await self._line()
        self._number += 1
        number, answered = self._number, asyncio.get_running_loop().create_future()
        self._waiting[number] = answered
        call.write(parcel((number, request)))
        try:
            async with asyncio.timeout(within):
                answer = await answered
        except TimeoutError:
            raise self._away() from None
        finally:
            self._waiting.pop(number, None)
        if isinstance(answer, Failed):
            raise ERRORS.get(answer.status, Refused)(answer.zh, answer.en, code=answer.code, field=answer.field)
        if not isinstance(answer, shape):
            raise Broken("进程间的应答不对。", f"Answered with {type(answer).__name__}.", code="wrong-answer")
        return answer

    def say(self, message: Any) -> None:
        """Now or never; nothing comes back."""
        if self._call is not None:
            self._call.write(parcel((0, message)))

    async def _line(self) -> _Call:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._up.wait()
        if self._call is None:
            raise self._away()
        return self._call

    def _took(self, body: bytes) -> None:
        try:
            number, message = self._opener.open(body)
        except Malformed as error:
            log.warning("not understood", socket=self._socket.name, why=error.en)
            return
        if number == 0:
            self._told(message)
            return
        answered = self._waiting.get(number)
        if answered is not None and not answered.done():
            answered.set_result(message)

    def _hung_up(self, call: _Call) -> None:
        call.close()
        self._call = None
        self._up.clear()
        waiting, self._waiting = self._waiting, {}
        for answered in waiting.values():
            if not answered.done():
                answered.set_exception(self._away())
                answered.exception()  # who asked may have gone
        self._lost()


class _Call(asyncio.Protocol):
    def __init__(self, took: Callable[[bytes], None]) -> None:
        self.over = asyncio.Event()
        self._took, self._parcels = took, Parcels()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a stream's transport is a Transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.over.set()

    def data_received(self, data: bytes) -> None:
        try:
            for body in self._parcels.feed(data):
                self._took(body)
        except Malformed:
            self.close()

    def write(self, packed: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(packed)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
