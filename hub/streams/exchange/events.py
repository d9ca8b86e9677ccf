"""What happens to a package. Each has a stream of its own, `package-<id>`; the year's numbers are a stream, whose version is the last number."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hub.kernel.messages import Event
from hub.streams.exchange.manifest import Manifest
from hub.streams.exchange.messages import FieldError, KindOfDay
from hub.streams.exchange.ports import Signed


class PackageNumbered(Event, frozen=True, kw_only=True):
    package: UUID


class PackageBuilt(Event, frozen=True, kw_only=True):
    """`bare`: nothing of its object stands in it but its number; `case`: the object, where it is one."""

    manifest: Manifest
    body: bytes
    title: str
    case: UUID | None = None
    bare: bool = False


class PackageValidated(Event, frozen=True, kw_only=True):
    """Against the province's rules of the kind; with errors it is not sent."""

    errors: tuple[FieldError, ...] = ()


class PackageQueued(Event, frozen=True, kw_only=True):
    """`why`: where it was sent before."""

    why: str = ""


class PackageSent(Event, frozen=True, kw_only=True):
    """Written before the call is made."""


class PackageNotTaken(Event, frozen=True, kw_only=True):
    """`away`: the province was not to be reached, which is not the package's fault."""

    why: str
    again: datetime
    away: bool = False


class PackageReceived(Event, frozen=True, kw_only=True):
    """The province has it."""

    receipt: Signed


class PackageApplied(Event, frozen=True, kw_only=True):
    receipt: Signed | None = None


class PackageRejected(Event, frozen=True, kw_only=True):
    errors: tuple[FieldError, ...]
    receipt: Signed | None = None


class PackageCorrected(Event, frozen=True, kw_only=True):
    """`by`: the number of the package that takes its place."""

    by: str


class PackageDead(Event, frozen=True, kw_only=True):
    """Given up after its tries."""

    why: str


class PackageSetAside(Event, frozen=True, kw_only=True):
    reason: str


class PackageTaken(Event, frozen=True, kw_only=True):
    """From the province: verified, and answered with our receipt."""

    manifest: Manifest
    body: bytes
    title: str
    signed: Signed
    receipt: Signed
    case: UUID | None = None


class DayReconciled(Event, frozen=True, kw_only=True):
    day: date
    kinds: tuple[KindOfDay, ...]
    differing: tuple[str, ...]
    resent: tuple[str, ...]


EVENTS: tuple[type[Event], ...] = (
    PackageNumbered, PackageBuilt, PackageValidated, PackageQueued, PackageSent, PackageNotTaken, PackageReceived, PackageApplied, PackageRejected,
    PackageCorrected, PackageDead, PackageSetAside, PackageTaken, DayReconciled)
