"""What is decided of packages from the province, and of its list of a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hub.kernel.actor import Actor
from hub.kernel.calendar import DAY, begin_of
from hub.kernel.errors import Conflict, Malformed, Refused
from hub.kernel.ids import derived
from hub.record import Connection, load_sql
from hub.spoke import Decision, Write
from hub.streams.exchange import events as e
from hub.streams.exchange import own_messages as own
from hub.streams.exchange.bodies import CorrectionRow, GivenBody, GuidanceRow, errors_in
from hub.streams.exchange.deciding import Border, only_the_hub, package_of, stream_of
from hub.streams.exchange.manifest import (
    DayList,
    Manifest,
    Receipt,
    Says,
    canonical,
    digest,
    number_of,
    sha256,
)
from hub.streams.exchange.messages import KindOfDay
from hub.streams.exchange.model import MOVES, Package
from hub.streams.exchange.ports import Signed
from hub.streams.exchange.reactions import CALLED, CORRECTION, FROM_PROVINCE
from hub.wire.codec import convert, decode

Q = load_sql(__package__)
HELD = frozenset(("received", "applied", "rejected"))
"""What the province has, as far as we know."""
LOST = "对账发现省级平台没有此包"


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """`last`: the last number taken of its year; `known`: the package that has this number already; `object_known`: we have told of its
    object; `target`: the package of ours that is to be corrected."""

    border: Border
    manifest: Manifest
    last: int
    known: Any = None
    case: UUID | None = None
    object_known: bool = False
    target: Package | None = None


class Taking:
    def __init__(self, border: Border) -> None:
        self._border = border

    async def arrival(self, conn: Connection, command: own.TakePackage, actor: Actor) -> Arrival:
        only_the_hub(actor)
        manifest = decode(command.signed.text, Manifest)
        last = await conn.fetchval(Q["last_number"], "in", manifest.year)
        known = await conn.fetchrow(Q["package_by_number"], manifest.number)
        spoken = await conn.fetchrow(Q["spoken_of"], manifest.object)
        target = await conn.fetchrow(Q["package_by_number"], _target(command.body)) if manifest.kind == CORRECTION else None
        case = target["case_id"] if target else spoken["case_id"] if spoken else None
        return Arrival(border=self._border, manifest=manifest, last=last, known=known, case=case, object_known=spoken is not None,
                       target=package_of(target) if target and target["direction"] == "out" else None)


    async def day(self, conn: Connection, command: own.NoteDay, actor: Actor) -> Day:
        only_the_hub(actor)
        rows = await conn.fetch(Q["of_day"], begin_of(command.day), begin_of(command.day + DAY))
        return Day(city=self._border.city, ours=[(package_of(row), row["kind"]) for row in rows], theirs=decode(command.listed.text, DayList))


def _target(body: bytes) -> str:
    given = decode(body, GivenBody)
    return str(given.rows[0].get("number", ""))[:40]


def take(known: Arrival, command: own.TakePackage, _actor: Actor, at: datetime) -> Decision:
    manifest = known.manifest
    if known.known is not None:
        return _again(known)
    _refuse_strange(known, command.body)
    _refuse_gap(known)
    row = _row(manifest, command.body)
    _refuse_unknown(known, row)
    receipt = known.border.seal.sign(canonical(Receipt(number=manifest.number, sha256=manifest.sha256, says=Says.APPLIED, at=at.astimezone(UTC))))
    package = derived("package from the province", manifest.number)
    taken = e.PackageTaken(manifest=manifest, body=command.body, title=_title(row), signed=command.signed, receipt=receipt, case=known.case)
    return Decision(
        writes=(Write(f"exchange-in-{manifest.year}", known.last, (e.PackageNumbered(package=package),)),
                Write(stream_of(package), 0, (taken, e.PackageApplied())), *_rejects(known, row)),
        result=receipt)


def _again(known: Arrival) -> Decision:
    """The same package: the same receipt."""
    row = known.known
    if row["sha256"] != known.manifest.sha256:
        raise Conflict(f"编号 {known.manifest.number} 已用于另一份内容，请用新的编号。",
                       f"The number {known.manifest.number} was used for other content; use a new one.", code="number-taken", field="n")
    return Decision(result=Signed(text=row["receipt"], signature=row["receipt_signature"]))


def _refuse_strange(known: Arrival, body: bytes) -> None:
    manifest = known.manifest
    if manifest.city != known.border.city or manifest.direction != "in":
        raise Refused(f"这个包是给“{manifest.city}”的，本市代码是“{known.border.city}”。",
                      f"This package is for {manifest.city!r}; this city is {known.border.city!r}.", code="wrong-city", field="city")
    if sha256(body) != manifest.sha256 or len(body) != manifest.bytes:
        raise Refused("内容的摘要或长度与清单不符，请重新发送。", "The body's hash or length is not the manifest's; send it again.", code="other-hash", field="sha256")
    if manifest.kind not in FROM_PROVINCE:
        raise Refused(f"不认识“{manifest.kind}”这一类包。", f"Packages of the kind {manifest.kind!r} are not known.", code="unknown-kind", field="kind")


def _refuse_gap(known: Arrival) -> None:
    if known.manifest.n != known.last + 1:
        wanted = number_of(known.border.city, "in", known.manifest.year, known.last + 1)
        raise Conflict(f"编号不连续：请先发送 {wanted}。", f"There is a gap in the numbers: send {wanted} first.", code="number-gap", field="n")


def _row(manifest: Manifest, body: bytes) -> Any:
    given, (_, _, shape) = decode(body, GivenBody), FROM_PROVINCE[manifest.kind]
    wrong = errors_in(shape, given.rows)
    if wrong or given.kind != manifest.kind or manifest.rows != len(given.rows):
        field = wrong[0].field if wrong else "kind"
        raise Malformed(f"内容的“{field}”不合要求，请改正后再发送。", f"{field}: {wrong[0].why if wrong else 'not what the manifest says'}.", field=field)
    return convert(given.rows[0], shape)


def _refuse_unknown(known: Arrival, row: Any) -> None:
    manifest = known.manifest
    if manifest.object and not known.object_known:
        raise Refused("我方没有报送过清单里的对象。", "The manifest names an object that we have not told of.", code="unknown-object", field="object")
    if isinstance(row, CorrectionRow) and known.target is None:
        raise Refused(f"我方没有编号为“{row.number}”的包。", f"We have no package {row.number!r}.", code="unknown-number", field="rows.0.number")


def _title(row: GuidanceRow | CorrectionRow) -> str:
    return row.title if isinstance(row, GuidanceRow) else f"请更正 {row.number}"


def _rejects(known: Arrival, row: Any) -> Iterator[Write]:
    """A correction that is asked for is a rejection of what was taken before."""
    target = known.target
    if isinstance(row, CorrectionRow) and target is not None and target.state in MOVES[e.PackageRejected][0]:
        yield Write(stream_of(target.id), target.events, (e.PackageRejected(errors=row.errors),))


# --- a day on both sides --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Day:
    """`ours`: package with its kind, all of ours of that day, under our number there."""

    city: str
    ours: Sequence[tuple[Package, str]]
    theirs: DayList


def note_day(known: Day, command: own.NoteDay, _actor: Actor, _at: datetime) -> Decision:
    if (known.theirs.city, known.theirs.day) != (known.city, str(command.day)):
        raise Refused(f"省级平台答复的是“{known.theirs.city}”{known.theirs.day} 的清单，问的是“{known.city}”{command.day} 的。",
                      f"The province listed {known.theirs.city!r} on {known.theirs.day}, not {known.city!r} on {command.day}.", code="other-day", field="listed")
    theirs = {one.number: one.sha256 for one in known.theirs.packages}
    held = {one.number: one for one, _ in known.ours if one.state in HELD or one.number in theirs}
    differing = sorted({*(number for number, one in held.items() if theirs.get(number) != one.sha256), *(theirs.keys() - held.keys())})
    lost = [held[number] for number in differing if number in held and number not in theirs]
    again = [one for one in lost if one.state in MOVES[e.PackageQueued][0]]
    reconciled = e.DayReconciled(day=command.day, kinds=tuple(_kinds(known, held)), differing=tuple(differing), resent=tuple(one.number for one in again))
    queued = e.PackageQueued(why=LOST)
    return Decision(writes=(Write("exchange-days", -1, (reconciled,)), *(Write(stream_of(one.id), one.events, (queued,)) for one in again)))


def _kinds(known: Day, held: Mapping[str, Package]) -> Iterator[KindOfDay]:
    ours = [(kind, one.sha256) for one, kind in known.ours if one.number in held]
    theirs = [(one.kind, one.sha256) for one in known.theirs.packages]
    for kind in sorted({one for one, _ in (*ours, *theirs)}):
        mine, their = ([text for one, text in side if one == kind] for side in (ours, theirs))
        zh, en = CALLED.get(kind, (kind, kind))
        yield KindOfDay(kind=kind, kind_zh=zh, kind_en=en, ours=len(mine), theirs=len(their), our_hash=digest(mine), their_hash=digest(their))
