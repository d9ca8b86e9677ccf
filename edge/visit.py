"""One stay at the hub: what came over one connection, and how it ended."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
import socketio
import structlog

from edge.messages import Bye, Problem, Tell
from hub.kernel.errors import TryAgain
from hub.wire import words

log = structlog.get_logger("edge.visit")

CALL_TIMEOUT = 10.0
ACK_SECONDS, ACK_TELLS = 0.25, 64
"""What was stored is acknowledged together: so seldom, or after so many."""
MOST_WAITING = 2000
"""Tells not yet heard; beyond it the connection is given up, and a fresh snapshot repairs all."""
UNWELCOME_CODES = frozenset({"not-signed-in", "forbidden"}) | {
    bye for bye, close in words.BYES.items() if words.CLOSES[close][1] in (words.Then.SIGN_IN, words.Then.STAY_AWAY)}
UNWELCOME_STATUS = frozenset({401, 403})


class Visit:
    def __init__(self) -> None:
        self._tells: asyncio.Queue[tuple[Tell, str] | None] = asyncio.Queue()
        self._taken = self._stored = ""
        """Offsets: of what was given out, and of what was dealt with and is not acknowledged."""
        self._owed = 0
        self._owed_since = 0.0
        self._answers: set[asyncio.Future[Any]] = set()
        self._client: socketio.AsyncClient | None = None
        self._over = False
        self.code = ""
        self.why = ""
        self.retry_after: float | None = None
        self.unwelcome = False

    def attach(self, client: socketio.AsyncClient) -> None:
        self._client = client
        client.on(words.TELL, self._hear_tell)
        client.on(words.BYE, self._hear_bye)
        client.on("connect_error", self.refuse)
        client.on("disconnect", self._end)

    async def next_tell(self) -> Tell | None:
        """None: the connection has ended. Who asks has stored what he was given before."""
        self._note_stored()
        if self._owed >= ACK_TELLS:
            await self._acknowledge()
        while True:
            try:
                async with asyncio.timeout_at(self._owed_since + ACK_SECONDS if self._owed else None):
                    given = await self._tells.get()
            except TimeoutError:
                await self._acknowledge()
                continue
            tell, self._taken = given or (None, "")
            return tell

    def _note_stored(self) -> None:
        if self._taken:
            self._owed_since = self._owed_since if self._owed else asyncio.get_running_loop().time()
            self._stored, self._taken = self._taken, ""
            self._owed += 1

    async def _acknowledge(self) -> None:
        """One offset speaks for all before it. Lost with the connection, it is said by the receipts."""
        self._owed = 0
        if self._client is not None and not self._over:
            with suppress(socketio.exceptions.SocketIOError):
                await self._client.emit(words.ACK, self._stored)

    async def call(self, event: str, body: dict[str, Any]) -> Any:
        """Raises TryAgain when no answer comes, at once when the connection ends."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def answered(*said: Any) -> None:
            if not answer.done():
                answer.set_result(said[0] if said else None)

        self._answers.add(answer)
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                if self._client is None or self._over:
                    raise _away()
                await self._client.emit(event, body, callback=answered)
                return await answer
        except (TimeoutError, socketio.exceptions.SocketIOError) as error:
            raise _away() from error
        finally:
            self._answers.discard(answer)

    def refuse(self, said: Any = None, *_: Any) -> None:
        """A connect_error, or a refused watch."""
        try:
            problem = msgspec.convert(said, Problem)
        except msgspec.ValidationError:
            self.why = str(said)[:200]
            return
        self._note(problem.code, problem.detail or problem.title, problem.retry_after)
        self.unwelcome = self.unwelcome or problem.status in UNWELCOME_STATUS

    def _hear_bye(self, said: Any = None, *_: Any) -> None:
        try:
            bye = msgspec.convert(said, Bye)
        except msgspec.ValidationError:
            bye = Bye()
        self._note(bye.code, bye.why, bye.retry_after)
        self._end()

    def _note(self, code: str, why: str, retry_after: float | None) -> None:
        self.code, self.why, self.retry_after = code, why or code, retry_after
        self.unwelcome = code in UNWELCOME_CODES

    def _hear_tell(self, said: Any = None, offset: Any = None, *_: Any) -> None:
        try:
            tell = msgspec.convert(said, Tell)
        except msgspec.ValidationError as error:
            log.warning("a tell that cannot be read; joining afresh", why=str(error))
            self._end()
            return
        if self._tells.qsize() >= MOST_WAITING:
            self._end()
            return
        self._tells.put_nowait((tell, offset if isinstance(offset, str) else ""))

    def _end(self, *_: Any) -> None:
        self._over = True
        self._tells.put_nowait(None)
        for answer in self._answers:
            if not answer.done():
                answer.set_exception(_away())


def _away() -> TryAgain:
    return TryAgain("中枢没有答复。", "The hub did not answer.")
