"""What is decided of packages of ours. `facts` reads beside the journal, `decide` is pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hub.kernel.actor import CITY, SYSTEM, Actor
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.kernel.ids import derived
from hub.kernel.messages import Event
from hub.record import Connection, load_sql
from hub.spoke import Decision, Write
from hub.streams.exchange import events as e
from hub.streams.exchange import model
from hub.streams.exchange import own_messages as own
from hub.streams.exchange.bodies import BareRow, errors_in
from hub.streams.exchange.building import Draft, Wanted, drafts_of
from hub.streams.exchange.manifest import Manifest, Receipt, Seal, body_of, sha256
from hub.streams.exchange.messages import CorrectPackage, FieldError, ResendPackage, SetAsidePackage
from hub.streams.exchange.model import COMMANDS, STATES, Package
from hub.streams.exchange.ports import LARGEST
from hub.streams.exchange.reactions import KINDS
from hub.wire.codec import decode

Q = load_sql(__package__)
BY_HAND = "人工重发"


@dataclass(frozen=True, kw_only=True)
class Border:
    """Between the city and its province: our number there, our seal, and the key with which the province signs (empty: nothing goes over)."""

    city: str
    seal: Seal
    theirs: bytes = b""

    @property
    def on(self) -> bool:
        return bool(self.theirs)


def stream_of(package: UUID) -> str:
    return f"package-{package}"


def package_of(row: Any) -> Package:
    return Package(**{name: row[name] for name in Package.__struct_fields__})


async def ours(conn: Connection, which: UUID) -> Any:
    """Raises NotFound; also for one that came from the province, of which nothing is asked."""
    row = await conn.fetchrow(Q["package"], which)
    if row is None or row["direction"] != "out":
        raise NotFound("没有这个交换包，请从列表中选择。", "There is no such package; choose one from the list.", field="package")
    return row


def only_the_hub(actor: Actor) -> None:
    """Raises Forbidden, before anything is read."""
    if actor.id != SYSTEM.id:
        raise Forbidden("交换包由系统自己收发。", "Packages are sent and taken by the hub itself.", code="not-yours")


def require_city(actor: Actor) -> None:
    if CITY not in actor.scopes:
        raise Forbidden("省级数据交换由市级工作人员办理。", "The exchange with the province is for the city's own desks.")


def require_state(command: object, there: Package) -> None:
    if there.state not in COMMANDS[type(command).__name__]:
        raise Conflict(f"{there.number} 现在是“{STATES[there.state][0]}”，不能这样办理。",
                       f"{there.number} is {STATES[there.state][1].lower()}; this cannot be done with it now.", code="other-state")


# --- building -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Desk:
    """`last`: the last number of the year; `waiting`: unsettled packages by object; `old`: the package that is corrected."""

    border: Border
    year: int
    last: int
    drafts: tuple[Draft, ...]
    waiting: Mapping[str, tuple[Package, ...]]
    old: Package | None = None


class Building:
    """`today` in the city: a package belongs to the year in which it is numbered."""

    def __init__(self, border: Border, today: Callable[[], date]) -> None:
        self._border, self._today = border, today

    async def wanted(self, conn: Connection, command: own.BuildPackages, actor: Actor) -> Desk:
        only_the_hub(actor)
        return await self._desk(conn, command.wanted)

    async def correction(self, conn: Connection, command: CorrectPackage, actor: Actor) -> Desk:
        require_city(actor)
        old = await ours(conn, command.package)
        return await self._desk(conn, (Wanted(kind=old["kind"], object=old["object"]),), package_of(old))

    async def _desk(self, conn: Connection, wanted: Sequence[Wanted], old: Package | None = None) -> Desk:
        """The last number is read first: whatever is numbered after that, by somebody else, stands in this one's way."""
        today = self._today()
        last = await conn.fetchval(Q["last_number"], "out", today.year)
        drafts = await drafts_of(conn, wanted, today, again=old is not None)
        replaced = [draft.object for draft in drafts if draft.bare or old]
        waiting = {thing: tuple(package_of(row) for row in await conn.fetch(Q["unsettled_of"], thing)) for thing in replaced}
        return Desk(border=self._border, year=today.year, last=last, drafts=drafts, waiting=waiting, old=old)


def build(known: Desk, _command: own.BuildPackages, _actor: Actor, at: datetime) -> Decision:
    return _built(known, at)


def correct(known: Desk, command: CorrectPackage, _actor: Actor, at: datetime) -> Decision:
    assert known.old is not None
    require_state(command, known.old)
    if not known.drafts:
        raise Refused("这件事现在没有可以报送的内容，请搁置这个包。", "There is nothing to be told of its object now; set the package aside.", code="nothing-to-tell")
    return _built(known, at)


def _built(known: Desk, at: datetime) -> Decision:
    if not known.drafts:
        return Decision(result=[])
    writes: list[Write] = []
    made: list[tuple[UUID, str]] = []
    for place, draft in enumerate(known.drafts, 1):
        events, number = _package(known, draft, known.last + place, at)
        made.append((derived("package", number), number))
        writes += [Write(stream_of(made[-1][0]), 0, events), *_replaced(known, draft, number)]
    numbered = tuple(e.PackageNumbered(package=one) for one, _ in made)
    result = {"package": made[0][0], "number": made[0][1]} if known.old else [number for _, number in made]
    return Decision(writes=(*writes, Write(f"exchange-out-{known.year}", known.last, numbered)), result=result)


def _package(known: Desk, draft: Draft, n: int, at: datetime) -> tuple[tuple[Event, ...], str]:
    kind = KINDS[draft.kind]
    body, errors = body_of(draft.kind, draft.rows), errors_in(BareRow if draft.bare else kind.shape, draft.rows)
    if len(body) > LARGEST:
        body, errors = body_of(draft.kind, ()), (FieldError(field="rows", why=f"{len(body)} bytes are more than {LARGEST}"),)
    manifest = Manifest(
        city=known.border.city, direction="out", year=known.year, n=n, kind=draft.kind, object=draft.object, version=draft.version,
        rows=len(draft.rows), bytes=len(body), sha256=sha256(body), created=at.astimezone(UTC), key=known.border.seal.name,
        replaces=known.old.number if known.old else "")
    built = e.PackageBuilt(manifest=manifest, body=body, title=draft.title, case=draft.case, bare=draft.bare)
    return (built, e.PackageValidated(errors=errors), *(() if errors else (e.PackageQueued(),))), manifest.number


def _replaced(known: Desk, draft: Draft, number: str) -> Iterator[Write]:
    """The one that is corrected, and whatever waits of the same object: the present state goes in its stead."""
    waiting = known.waiting.get(draft.object, ())
    for one in waiting:
        if known.old and one.id == known.old.id:
            yield Write(stream_of(one.id), one.events, (e.PackageCorrected(by=number),))
    others = [one for one in waiting if known.old is None or one.id != known.old.id]
    for package_id, event in model.overtaken(others, number).items():
        yield Write(stream_of(package_id), next(one.events for one in others if one.id == package_id), (event,))


# --- sending --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sending:
    """`hidden`: its case may not be read any more, though the package tells of it."""

    package: Package
    hidden: bool


async def sending(conn: Connection, command: own.NotePackagesSent, actor: Actor) -> tuple[Sending, ...]:
    only_the_hub(actor)
    return tuple(Sending(package=package_of(row), hidden=row["hidden"]) for row in await conn.fetch(Q["to_send"], list(command.packages)))


def note_sent(known: tuple[Sending, ...], _command: own.NotePackagesSent, _actor: Actor, _at: datetime) -> Decision:
    going = [one for one in known if one.package.state in ("queued", "sent")]
    events = [e.PackageSetAside(reason="事项已不公开，不再报送") if one.hidden else e.PackageSent() for one in going]
    return Decision(writes=tuple(_one(one.package, event) for one, event in zip(going, events, strict=True)),
                    result=[one.package.id for one in going if not one.hidden])


@dataclass(frozen=True, kw_only=True)
class Failure:
    """`again`: when the province is tried next; `failures` in a row so far."""

    package: Package
    again: datetime | None
    failures: int


async def failure(conn: Connection, command: own.NotePackageFailure, actor: Actor) -> Failure:
    only_the_hub(actor)
    row, province = await ours(conn, command.package), await conn.fetchrow(Q["province"])
    assert province is not None
    return Failure(package=package_of(row), again=province["again"], failures=province["failures"])


def note_failure(known: Failure, command: own.NotePackageFailure, _actor: Actor, at: datetime) -> Decision:
    again = known.again if known.again and known.again > at else None
    said = model.failed(known.package, command.why, at, away=command.away, again=again, failures=known.failures)
    return Decision(writes=(_one(known.package, *said),)) if said else Decision()


@dataclass(frozen=True, kw_only=True)
class Word:
    package: Package | None
    receipt: Receipt


async def word(conn: Connection, command: own.NotePackageReceipt, actor: Actor) -> Word:
    only_the_hub(actor)
    receipt = decode(command.receipt.text, Receipt)
    row = await conn.fetchrow(Q["package_by_number"], receipt.number)
    return Word(package=package_of(row) if row and row["direction"] == "out" else None, receipt=receipt)


def note_receipt(known: Word, command: own.NotePackageReceipt, _actor: Actor, _at: datetime) -> Decision:
    there = known.package
    if there is None:
        raise NotFound(f"我方没有编号为“{known.receipt.number}”的包。", f"We have no package {known.receipt.number!r}.", code="unknown-number", field="number")
    if known.receipt.sha256 != there.sha256:
        raise Refused(f"回执里的摘要与 {there.number} 不符。", f"The receipt's hash is not that of {there.number}.", code="other-hash", field="sha256")
    said = model.answered(there, known.receipt, command.receipt)
    return Decision(writes=(_one(there, *said),)) if said else Decision()


# --- by hand --------------------------------------------------------------------------------------


async def standing(conn: Connection, command: Any, actor: Actor) -> Package:
    require_city(actor)
    return package_of(await ours(conn, command.package))


def resend(there: Package, command: ResendPackage, _actor: Actor, _at: datetime) -> Decision:
    require_state(command, there)
    return Decision(writes=(_one(there, e.PackageQueued(why=BY_HAND)),), result={"number": there.number})


def set_aside(there: Package, command: SetAsidePackage, _actor: Actor, _at: datetime) -> Decision:
    require_state(command, there)
    return Decision(writes=(_one(there, e.PackageSetAside(reason=command.reason)),), result={"number": there.number})


def _one(there: Package, *events: Event) -> Write:
    return Write(stream_of(there.id), there.events, events)
