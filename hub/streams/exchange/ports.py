"""What the exchange needs of the outside: one partner who takes packages, and who brings some himself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Protocol

import msgspec

from dispatch.ports import Hook

LARGEST = 400_000
"""Bytes of a body; an event of the journal holds a million."""


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """Words as they were signed, byte for byte."""

    text: bytes
    signature: bytes


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A package as it goes over: `signed.text` is its manifest, which names the hash of `body`."""

    signed: Signed
    body: bytes


class Away(Exception):
    """Not reached, or out of order: what was handed over may be handed over again later."""


class Garbled(Exception):
    """An answer that is none: refused without a receipt, or not to be read."""


class Province(Protocol):
    """Every call has its own timeout and raises nothing but Away and Garbled. What it answers is signed; the room verifies it."""

    async def hand_over(self, parcel: Parcel) -> Signed:
        """The receipt, of what it says of the package now: taking it twice is taking it once."""

    async def day(self, day: date, asked: Signed) -> Signed:
        """What it has of that day (DayList). `asked`: our signed question."""

    @property
    def hooks(self) -> Mapping[str, Hook]:
        """Where the province brings its own packages, and receipts that took their time."""

    async def close(self) -> None: ...


Take = Callable[[Parcel], Awaitable[Signed]]
"""A package from the province; answers our receipt. Raises Refused with the sentence for the sender."""
Hear = Callable[[Signed], Awaitable[None]]
"""A receipt that comes by itself. Raises Refused."""
