"""Rows of packages, written in the transaction that records their events; and what is to be done after one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec

from hub.kernel.messages import Event, Recorded
from hub.record import Connection, Jobs, load_sql
from hub.spoke import Touched
from hub.streams.exchange import events as e
from hub.streams.exchange.deciding import BY_HAND, package_of
from hub.streams.exchange.manifest import Manifest, canonical
from hub.streams.exchange.messages import FieldError
from hub.streams.exchange.model import ASK_AGAIN, SAID, moved

Q = load_sql(__package__)
TABLES = ("exchange.package", "exchange.object", "exchange.province", "exchange.day")
SEND, TELL = "exchange.send", "exchange.tell"
PREFIX, DAYS = "package-", "exchange-days"
PACKAGES, PACKAGE, STANDING, PROVINCE = "exchange_packages", "exchange_package", "exchange_standing", "province"
IN_FLIGHT = timedelta(minutes=1)
"""So long after a try was begun nothing was heard of it: the process has died, another one tries."""
CONTACT = (e.PackageReceived, e.PackageApplied, e.PackageRejected)
TOLD_OF = (e.PackageRejected, e.PackageDead, e.PackageTaken)
"""After these the intake desk is told, where a case is concerned."""

EFFECTS: dict[type[Event], Callable[[Any, datetime], Mapping[str, Any]]] = {
    e.PackageValidated: lambda event, at: {"errors": _plain(event.errors), "error": _first(event.errors)},
    e.PackageQueued: lambda event, at: {"due": at},
    e.PackageSent: lambda event, at: {"due": at + IN_FLIGHT},
    e.PackageNotTaken: lambda event, at: {"due": event.again, "error": event.why},
    e.PackageReceived: lambda event, at: {"due": at + ASK_AGAIN, **_signed(event.receipt)},
    e.PackageApplied: lambda event, at: {"applied": at, "errors": (), **(_signed(event.receipt) if event.receipt else {})},
    e.PackageRejected: lambda event, at: {
        "errors": _plain(event.errors), "error": _first(event.errors), **(_signed(event.receipt) if event.receipt else {})},
    e.PackageCorrected: lambda event, at: {"replaced_by": event.by},
    e.PackageDead: lambda event, at: {"error": event.why},
    e.PackageSetAside: lambda event, at: {"error": event.reason},
}
"""What of a row an event changes beside its state."""
CHANGED = ("due", "error", "sent", "applied", "errors", "receipt", "signature", "replaced_by")
NOTES: dict[type[Event], Callable[[Any], str]] = {
    e.PackageValidated: lambda event: _first(event.errors), e.PackageQueued: lambda event: event.why, e.PackageNotTaken: lambda event: event.why,
    e.PackageRejected: lambda event: _first(event.errors), e.PackageCorrected: lambda event: event.by, e.PackageDead: lambda event: event.why,
    e.PackageSetAside: lambda event: event.reason,
}


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for stream, facts in groupby(recorded, key=lambda fact: fact.stream):
        if stream == DAYS:
            for fact in facts:
                await _day(conn, fact, fact.event)
        elif stream.startswith(PREFIX):
            key = stream.removeprefix(PREFIX)
            await _package(conn, UUID(key), list(facts))
            touched += [(PACKAGES, key), (PACKAGE, key)]
    return [*touched, (STANDING, PROVINCE)]


async def _package(conn: Connection, package: UUID, facts: Sequence[Recorded]) -> None:
    """What happened to it in one command is written at once."""
    first, told = facts[0], [fact for fact in facts if isinstance(fact.event, TOLD_OF)]
    if isinstance(first.event, e.PackageBuilt | e.PackageTaken):
        await _added(conn, package, first, first.event)
        facts = facts[1:]
    await _moved(conn, package, facts)
    for fact in told:
        await Jobs.put(conn, TELL, str(fact.id), fact.at, [str(package), type(fact.event).__name__, str(fact.id)])


async def _added(conn: Connection, package: UUID, fact: Recorded, event: e.PackageBuilt | e.PackageTaken) -> None:
    manifest: Manifest = event.manifest
    ours = isinstance(event, e.PackageBuilt)
    raw = canonical(manifest) if isinstance(event, e.PackageBuilt) else event.signed.text
    await conn.execute(
        Q["add_package"], package, manifest.direction, manifest.year, manifest.n, manifest.number, manifest.kind, manifest.object, manifest.version,
        event.title, event.case, isinstance(event, e.PackageBuilt) and event.bare, "built", fact.version, fact.at, raw, event.body, manifest.sha256,
        manifest.replaces, [_line(fact)])
    if ours:
        await conn.execute(Q["save_told"], manifest.object, manifest.version, manifest.sha256)
    elif isinstance(event, e.PackageTaken):
        await conn.execute(Q["answer"], package, event.receipt.text, event.receipt.signature)


async def _moved(conn: Connection, package: UUID, facts: Sequence[Recorded]) -> None:
    now, changed = package_of(await conn.fetchrow(Q["package"], package)), dict[str, Any]()
    for fact in facts:
        event = fact.event
        sent = {"sent": fact.at} if isinstance(event, e.PackageSent) and now.state == "queued" else {}
        changed |= {"due": None, "error": "", **EFFECTS[type(event)](event, fact.at), **sent}
        now = moved(now, event)
    await conn.execute(Q["move"], package, now.state, now.events, now.tries, now.faults, *(changed.get(name) for name in CHANGED),
                       [_line(fact) for fact in facts])
    await _province(conn, facts)
    if any(isinstance(fact.event, e.PackageQueued) for fact in facts):
        await Jobs.put(conn, SEND, "", facts[-1].at)


async def _province(conn: Connection, facts: Sequence[Recorded]) -> None:
    """How it stands with the partner."""
    last = facts[-1]
    match last.event:
        case e.PackageNotTaken(away=True) as event:
            await conn.execute(Q["found_away"], last.at, event.why, event.again)
        case e.PackageQueued(why=why) if why == BY_HAND:
            await conn.execute(Q["try_now"])
        case event if isinstance(event, CONTACT):
            await conn.execute(Q["reached"], last.at)


async def _day(conn: Connection, fact: Recorded, event: e.DayReconciled) -> None:
    await conn.execute(Q["save_day"], event.day, fact.at, msgspec.to_builtins(event.kinds), list(event.differing), list(event.resent))
    await conn.execute(Q["reached"], fact.at)


def _line(fact: Recorded) -> dict[str, str]:
    note = NOTES.get(type(fact.event), lambda event: "")(fact.event)
    return {"at": fact.at.astimezone(UTC).isoformat(), "what": SAID[type(fact.event)][0], "who": fact.actor, "note": note}


def _plain(errors: tuple[FieldError, ...]) -> Any:
    return msgspec.to_builtins(errors)


def _first(errors: tuple[FieldError, ...]) -> str:
    return f"{errors[0].field}：{errors[0].why}" if errors else ""


def _signed(receipt: Any) -> dict[str, bytes]:
    return {"receipt": receipt.text, "signature": receipt.signature}
