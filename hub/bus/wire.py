"""A bare connection to Valkey or Redis: words out, answers in, nothing between. Two uses of it:
commands answered in their order, and a feed of what is published."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import hiredis
from redis.asyncio.connection import SSLConnection, parse_url

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 1.0
"""Who does not answer in this time is away."""

Word = bytes | str | int


class Away(Exception):
    """The server cannot be reached, or does not answer."""


class Wire(asyncio.Protocol):
    """`took` gets every answer, in order."""

    def __init__(self, took: Callable[[Any], None], lost: Callable[[], None]) -> None:
        self._took, self._lost = took, lost
        self._reader = hiredis.Reader()
        self._out: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        self.close()

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (said := self._reader.gets()) is not False and not self.gone:
            self._took(said)

    def send(self, *words: Word) -> None:
        """All that is said within one turn of the loop leaves as one."""
        if self.gone:
            raise Away
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(hiredis.pack_command(words))  # type: ignore[arg-type]  # its stub means a tuple of any length

    def _flush(self) -> None:
        out, self._out = self._out, []
        if self._transport is not None and not self.gone:
            self._transport.write(b"".join(out))

    def close(self) -> None:
        if self.gone:
            return
        self.gone = True
        if self._transport is not None:
            self._transport.abort()
        self._lost()


class Commands:
    def __init__(self, within: float = ANSWER_SECONDS) -> None:
        self._within = within
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self.lost = asyncio.Event()
        self._wire = Wire(self._took, self._went)

    async def open(self, url: str) -> None:
        """Raises Away."""
        told = parse_url(url)
        try:
            async with asyncio.timeout(max(CONNECT_SECONDS, self._within)):
                await connect(self._wire, told)
                if told.get("password"):
                    names = (told["username"],) if told.get("username") else ()
                    await self.call("AUTH", *names, told["password"])
                await self.call("SELECT", told.get("db", 0))
        except (OSError, TimeoutError, hiredis.ReplyError) as error:
            self.close()
            raise Away(str(error)) from error

    def begin(self, *words: Word) -> asyncio.Future[Any]:
        """The answer to come: Away, or a ReplyError, as an exception of the future."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._wire.send(*words)
        self._waiting.append(answer)
        return answer

    async def call(self, *words: Word) -> Any:
        return (await self.all([words]))[0]

    async def all(self, several: Sequence[Sequence[Word]]) -> list[Any]:
        """Raises Away; the first ReplyError."""
        answers = [self.begin(*words) for words in several]
        try:
            async with asyncio.timeout(self._within + len(several) / 1000):
                return [await answer for answer in answers]
        except TimeoutError:
            self.close()
            raise Away("no answer") from None
        finally:
            for answer in answers:
                answer.cancel()

    def _took(self, said: Any) -> None:
        answer = self._waiting.popleft()
        if answer.done():
            return
        if isinstance(said, hiredis.ReplyError):
            answer.set_exception(said)
            answer.exception()
        else:
            answer.set_result(said)

    def _went(self) -> None:
        self.lost.set()
        for answer in self._waiting:
            if not answer.done():
                answer.set_exception(Away("the connection is lost"))
                answer.exception()
        self._waiting.clear()

    def close(self) -> None:
        self._wire.close()


class Feed:
    """Channels that were subscribed to. What was published before `reached` was asked has been taken when it returns."""

    def __init__(self, took: Callable[[bytes, bytes], None], within: float = ANSWER_SECONDS) -> None:
        self._published, self._within = took, within
        self._pings: deque[asyncio.Future[None]] = deque()
        self.lost = asyncio.Event()
        self._wire = Wire(self._took, self._went)

    async def open(self, url: str) -> None:
        """Raises Away."""
        told = parse_url(url)
        try:
            async with asyncio.timeout(max(CONNECT_SECONDS, self._within)):
                await connect(self._wire, told)
                if told.get("password"):
                    names = (told["username"],) if told.get("username") else ()
                    self._wire.send("AUTH", *names, told["password"])
                await self.reached()
        except (OSError, TimeoutError) as error:
            self.close()
            raise Away(str(error)) from error

    def subscribe(self, channels: Sequence[bytes]) -> None:
        if channels:
            self._wire.send("SUBSCRIBE", *channels)

    def unsubscribe(self, channels: Sequence[bytes]) -> None:
        if channels:
            self._wire.send("UNSUBSCRIBE", *channels)

    async def reached(self) -> None:
        """Raises Away."""
        pong = asyncio.get_running_loop().create_future()
        self._wire.send("PING")
        self._pings.append(pong)
        try:
            async with asyncio.timeout(self._within):
                await pong
        except TimeoutError:
            self.close()
            raise Away("no answer") from None

    def _took(self, said: Any) -> None:
        if isinstance(said, list) and said[0] == b"message":
            self._published(said[1], said[2])
        elif said == b"PONG" or (isinstance(said, list) and said[0] == b"pong"):
            pong = self._pings.popleft()
            if not pong.done():
                pong.set_result(None)
        elif isinstance(said, hiredis.ReplyError):
            self.close()

    def _went(self) -> None:
        self.lost.set()
        for pong in self._pings:
            if not pong.done():
                pong.set_exception(Away("the connection is lost"))
                pong.exception()
        self._pings.clear()

    def close(self) -> None:
        self._wire.close()


async def connect(wire: Wire, told: Mapping[str, Any]) -> None:
    loop = asyncio.get_running_loop()
    if "path" in told:
        await loop.create_unix_connection(lambda: wire, told["path"])
        return
    secure = ssl.create_default_context() if told.get("connection_class") is SSLConnection else None
    await loop.create_connection(lambda: wire, told.get("host", "127.0.0.1"), told.get("port", 6379), ssl=secure)
