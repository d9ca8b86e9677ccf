"""What the hub asks of itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from hub.kernel.messages import Command
from hub.streams.exchange.building import Wanted
from hub.streams.exchange.ports import Signed


class BuildPackages(Command, frozen=True, kw_only=True):
    """What was told already is left out: asked anew, nothing is built twice. Answers the numbers."""

    wanted: Annotated[tuple[Wanted, ...], Meta(min_length=1, max_length=200)]


class NotePackagesSent(Command, frozen=True, kw_only=True):
    """Before the calls. Answers those that may go: others were settled meanwhile, or tell of what may not be read any more."""

    packages: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=64)]


class NotePackageFailure(Command, frozen=True, kw_only=True):
    package: UUID
    why: Annotated[str, Meta(max_length=500)]
    away: bool


class NotePackageReceipt(Command, frozen=True, kw_only=True):
    """The province's word, verified."""

    receipt: Signed


class TakePackage(Command, frozen=True, kw_only=True):
    """From the province, verified. Answers our signed receipt, the same one for the same package."""

    signed: Signed
    body: bytes


class NoteDay(Command, frozen=True, kw_only=True):
    """The province's list of a day, verified."""

    day: date
    listed: Signed
