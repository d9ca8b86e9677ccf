"""What every vendor's client needs: to know whether a call had begun when it broke."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from urllib.parse import parse_qsl
from uuid import UUID

import aiohttp
import msgspec
from multidict import MultiDict

from dispatch.ports import HookAnswer, Submitted, Unsure
from dispatch.words import State, Why

MAX_HOOK_BYTES = 64 * 1024
MAX_HOOK_FIELDS = 200
NETWORK_PAUSE = 2.0
REPAIR_PAUSE = 60.0


class Meaning(msgspec.Struct, frozen=True):
    """What a vendor's code means for us. `retry` in seconds; None: another try would not help.

    A road that is broken as a whole (`halt`) is tried again now and then until it is repaired.
    """

    why: Why
    retry: float | None = None
    spoil: bool = False
    halt: bool = False


class Unreached(Exception):
    """The vendor was not reached: certainly nothing was handed over."""


class _Flight:
    begun = False


_flight: ContextVar[_Flight | None] = ContextVar("flight", default=None)


async def _mark(_session: aiohttp.ClientSession, _ctx: SimpleNamespace, _params: object) -> None:
    flight = _flight.get()
    if flight is not None:
        flight.begun = True


def tracing() -> aiohttp.TraceConfig:
    """Give this to the session whose calls stand inside `in_flight`."""
    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(_mark)
    return trace


@asynccontextmanager
async def in_flight(seconds: float) -> AsyncIterator[None]:
    """Raises Unreached when it broke before a byte left us, Unsure when it broke after that."""
    flight = _Flight()
    token = _flight.set(flight)
    try:
        async with asyncio.timeout(seconds):
            yield
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        told = f"{type(error).__name__}: {error}"[:200]
        raise (Unsure(told) if flight.begun else Unreached(told)) from error
    finally:
        _flight.reset(token)


def not_reached(error: Unreached) -> Submitted:
    return Submitted(
        state=State.FAILED, why=Why.NETWORK, detail=str(error), retry_after=NETWORK_PAUSE
    )


def refused(meaning: Meaning, detail: str) -> Submitted:
    """The vendor took nothing: this try has failed where another one may do, else it is rejected."""
    return Submitted(
        state=State.REJECTED if meaning.retry is None else State.FAILED,
        why=meaning.why,
        detail=detail[:300],
        retry_after=meaning.retry,
        spoil=meaning.spoil,
        halt=meaning.halt,
    )


def form_of(body: bytes) -> MultiDict[str] | None:
    """The fields of a posted form in their order; None when it is not one or is out of measure."""
    if len(body) > MAX_HOOK_BYTES:
        return None
    try:
        text = body.decode("utf-8")
        return MultiDict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_HOOK_FIELDS))
    except ValueError:
        return None


def attempt_of(tail: str) -> UUID | None:
    try:
        return UUID(tail.strip("/"))
    except ValueError:
        return None


FORBIDDEN = HookAnswer(status=403, body="The signature does not fit this address and content.")
UNREADABLE = HookAnswer(status=400, body="The content is not a form of the agreed shape and size.")
