"""The life of a package as a table: which event leads from where to where, what may be asked of it, whose turn it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hub.kernel.messages import Event
from hub.streams.exchange import events as e
from hub.streams.exchange.manifest import Receipt, Says
from hub.streams.exchange.ports import Signed

STATES: dict[str, tuple[str, str, str]] = {
    "built": ("已生成", "Built", "plain"),
    "invalid": ("校验未通过", "Not valid", "refused"),
    "validated": ("已校验", "Validated", "plain"),
    "queued": ("待发送", "Queued", "plain"),
    "sent": ("已发送", "Sent", "running"),
    "received": ("已签收", "Received", "running"),
    "applied": ("已入库", "Applied", "done"),
    "rejected": ("被退回", "Rejected", "refused"),
    "corrected": ("已更正", "Corrected", "plain"),
    "dead": ("发送失败", "Given up", "refused"),
    "set_aside": ("已搁置", "Set aside", "plain"),
}
"""code → 中文, English, tone."""

ON_THE_WAY = frozenset(("queued", "sent", "received"))
SETTLED = frozenset(("applied", "corrected", "set_aside"))
"""What comes next of the same object may go."""
AT_FAULT = frozenset(("invalid", "rejected", "dead"))
"""Somebody must look at it; what comes next of the same object waits."""

MOVES: dict[type[Event], tuple[frozenset[str], str]] = {
    e.PackageQueued: (frozenset(("validated", "queued", "sent", "received", "applied", "dead")), "queued"),
    e.PackageSent: (frozenset(("queued", "sent")), "sent"),
    e.PackageNotTaken: (frozenset(("sent", "received")), ""),
    e.PackageReceived: (frozenset(("queued", "sent", "dead")), "received"),
    e.PackageApplied: (frozenset(("built", "queued", "sent", "received", "dead")), "applied"),
    e.PackageRejected: (frozenset(("queued", "sent", "received", "applied", "dead")), "rejected"),
    e.PackageCorrected: (AT_FAULT, "corrected"),
    e.PackageDead: (frozenset(("sent", "received")), "dead"),
    e.PackageSetAside: (ON_THE_WAY | AT_FAULT, "set_aside"),
}
"""Event → from which states, to which ("" stays). A receipt may come late: after a new try was queued, or when it was given up."""

COMMANDS: dict[str, frozenset[str]] = {
    "ResendPackage": frozenset((*ON_THE_WAY, "dead")), "CorrectPackage": AT_FAULT, "SetAsidePackage": ON_THE_WAY | AT_FAULT,
}
"""What may be asked of a package of ours, and in which states."""

SAID: dict[type[Event], tuple[str, str, str]] = {
    e.PackageBuilt: ("built", "生成", "built"), e.PackageValidated: ("validated", "校验", "validated"), e.PackageQueued: ("queued", "排队", "queued"),
    e.PackageSent: ("sent", "发送", "sent"), e.PackageNotTaken: ("not_taken", "未送达", "not taken"),
    e.PackageReceived: ("received", "省级签收", "received by the province"), e.PackageApplied: ("applied", "入库", "applied"),
    e.PackageRejected: ("rejected", "退回", "rejected"), e.PackageCorrected: ("corrected", "更正", "corrected"),
    e.PackageDead: ("dead", "停止发送", "given up"), e.PackageSetAside: ("set_aside", "搁置", "set aside"),
    e.PackageTaken: ("taken", "收到并签收", "taken and signed for"),
}
"""How a line of the trail is called."""

MOST_FAULTS = 8
"""So often the province may answer with something that is no receipt, before the package is given up."""
PAUSES = (1, 2, 5, 10, 30, 60, 120, 300, 600)
"""Seconds before the next try, the longer the more often it failed."""
ASK_AGAIN = timedelta(seconds=30)
"""Received and not applied yet: so long is waited for the province's word before it is asked."""


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision needs to know. `events`: version of its stream; `faults`: tries that failed by the package's own fault."""

    id: UUID
    number: str
    year: int
    n: int
    object: str
    sha256: str
    state: str
    events: int
    tries: int = 0
    faults: int = 0


def moved(package: Package, event: Event) -> Package:
    """Raises ValueError where the table has no such move."""
    if isinstance(event, e.PackageValidated):
        return msgspec.structs.replace(package, events=package.events + 1, state="invalid" if event.errors else "validated")
    sources, to = MOVES[type(event)]
    if package.state not in sources:
        raise ValueError(f"{package.number} is {package.state}: no {type(event).__name__} there")
    fault = isinstance(event, e.PackageNotTaken) and not event.away
    return msgspec.structs.replace(
        package, state=to or package.state, events=package.events + 1, tries=package.tries + isinstance(event, e.PackageSent),
        faults=0 if isinstance(event, e.PackageQueued) else package.faults + fault)


def heads(packages: Iterable[Package]) -> Iterator[Package]:
    """Of each object the first that is not settled, if it is on its way: nothing overtakes it."""
    first: dict[str, Package] = {}
    for package in sorted(packages, key=lambda one: (one.year, one.n)):
        if package.state not in SETTLED:
            first.setdefault(package.object, package)
    yield from (package for package in first.values() if package.state in ON_THE_WAY)


def answered(package: Package, receipt: Receipt, signed: Signed) -> tuple[Event, ...]:
    """What the province's word brings. The same word twice, and one that comes after all is settled, bring nothing."""
    said: list[Event] = []
    if package.state in MOVES[e.PackageReceived][0]:
        said.append(e.PackageReceived(receipt=signed))
    elif package.state != "received":
        return ()
    if receipt.says is Says.APPLIED:
        said.append(e.PackageApplied(receipt=signed))
    elif receipt.says is Says.REJECTED:
        said.append(e.PackageRejected(errors=receipt.errors, receipt=signed))
    return tuple(said)


def failed(package: Package, why: str, at: datetime, *, away: bool, again: datetime | None, failures: int) -> tuple[Event, ...]:
    """`again`: when the province is tried next, known where another package has just found it away; `failures` in a row before this one."""
    if package.state not in ("sent", "received"):
        return ()
    if away:
        return (e.PackageNotTaken(why=why, away=True, again=again or at + pause(failures)),)
    told = e.PackageNotTaken(why=why, again=at + pause(package.faults))
    return (told,) if package.faults + 1 < MOST_FAULTS else (told, e.PackageDead(why=why))


def pause(failures: int) -> timedelta:
    return timedelta(seconds=PAUSES[min(failures, len(PAUSES) - 1)])


def overtaken(packages: Sequence[Package], by: str) -> dict[UUID, e.PackageSetAside]:
    """What waits of an object whose present state is sent under another number."""
    return {one.id: e.PackageSetAside(reason=f"由 {by} 代替") for one in packages if one.state in MOVES[e.PackageSetAside][0] - {"received"}}
