"""What goes into packages, read beside the journal: a case as it was after an event, lists that differ from what was sent last."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from hub.cases.names import names_of, refs_in
from hub.cases.shapes import LIVES, Shapes, whose
from hub.kernel.lifecycle import Case, is_open
from hub.kernel.messages import Recorded
from hub.record import Connection, load_sql
from hub.streams.exchange.manifest import body_of, sha256
from hub.streams.exchange.reactions import CASE_KINDS, KINDS, OfCases, OfLists, Seen, bare

Q = load_sql(__package__)
TITLE = 120


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """`object`: a case's stream of the journal, or one of a kind's lists ("": all of them). `version`: of a case; 0: as it stands now."""

    kind: str
    object: str = ""
    version: int = 0


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A package without its number."""

    kind: str
    object: str
    version: int
    title: str
    rows: tuple[Mapping[str, Any], ...]
    case: UUID | None = None
    bare: bool = False


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The last package of an object."""

    version: int = 0
    sha256: str = ""


async def drafts_of(conn: Connection, wanted: Sequence[Wanted], day: date, *, again: bool = False) -> tuple[Draft, ...]:
    """Not `again`: what was told already is left out."""
    return tuple([draft for one in wanted async for draft in _drafts(conn, one, day, again)])


async def _drafts(conn: Connection, wanted: Wanted, day: date, again: bool) -> AsyncIterator[Draft]:
    kind = KINDS[wanted.kind]
    if isinstance(kind, OfCases):
        draft = await _of_case(conn, kind, wanted, again)
        if draft:
            yield draft
    else:
        async for draft in _of_lists(conn, kind, wanted, day, again):
            yield draft


async def told_of(conn: Connection, thing: str) -> Told | None:
    row = await conn.fetchrow(Q["told"], thing)
    return Told(version=row["version"], sha256=row["sha256"]) if row else None


# --- cases ----------------------------------------------------------------------------------------


async def untold(conn: Connection, stream: str) -> tuple[Wanted, ...]:
    """A case's events that concern the province and were not told yet, in order."""
    found = whose(stream)
    kind = CASE_KINDS.get(found[0].life.name) if found else None
    if kind is None:
        return ()
    told = await told_of(conn, stream)
    rows = await conn.fetch(Q["events_after"], stream, told.version if told else 0, list(kind.events))
    return tuple(Wanted(kind=kind.code, object=stream, version=row["version"]) for row in rows)


async def standing(conn: Connection, limit: int) -> tuple[Wanted, ...]:
    """Cases under way that the province has never heard of: those from before the exchange was opened."""
    return tuple([
        Wanted(kind=kind.code, object=LIVES[kind.stream].stream_of(row["id"]))
        for kind in CASE_KINDS.values() if kind.stream in LIVES
        for row in await conn.fetch(Q["never_told"], kind.stream, f"{LIVES[kind.stream].life.noun}-", limit)])


async def _of_case(conn: Connection, kind: OfCases, wanted: Wanted, again: bool) -> Draft | None:
    found = whose(wanted.object)
    item = await conn.fetchrow(Q["item"], found[1]) if found else None
    if found is None or item is None:
        return None
    shapes, case_id = found
    now = shapes.loaded(item["body"], item["version"])
    case = await _as_of(conn, shapes, case_id, wanted.version) if wanted.version else now
    told = await told_of(conn, wanted.object)
    if case is None or not _to_tell(shapes, case, now, told, again):
        return None
    plain = msgspec.to_builtins(case.facts)
    names = await names_of(conn, {*refs_in([case.parties, plain]), *plain.get("parts", {})})
    seen = Seen(case=case, plain=plain, number=item["number"], state_zh=shapes.life.state(case.state).zh, words=shapes.life.words, names=names)
    hidden = not is_open(shapes.life, case)
    return Draft(kind=kind.code, object=wanted.object, version=case.version, case=case_id, bare=hidden,
                 title=f"{item['number']} {kind.zh}" if hidden else case.facts.title[:TITLE], rows=(bare(seen) if hidden else kind.row(seen),))


def _to_tell(shapes: Shapes, case: Case, now: Case, told: Told | None, again: bool) -> bool:
    """Of what nobody may read only who was told of it before is told that. What is over is history for who has not heard of it."""
    if told is not None and case.version <= told.version and not again:
        return False
    if not is_open(shapes.life, case):
        return told is not None
    return not now.facts.confidential and (told is not None or not shapes.life.state(case.state).terminal)


async def _as_of(conn: Connection, shapes: Shapes, case_id: UUID, version: int) -> Case | None:
    case: Case | None = None
    for row in await conn.fetch(Q["events_until"], shapes.stream_of(case_id), version):
        event = shapes.codec.decode(row["type"], row["schema"], row["data"])
        case = shapes.after(case, case_id, Recorded(row["pos"], row["stream"], row["version"], row["at"], row["id"], row["cmd"], row["actor"], event))
    return case


# --- lists ----------------------------------------------------------------------------------------


def _day_of(thing: str) -> date | None:
    """A day of the month or year that a list is of: what is long past can be corrected, too."""
    _, _, rest = thing.partition(":")
    period, part, _ = rest.partition(":")
    return date(int(period[:4]), int(period[5:] or 1), 1) if part else None


async def _of_lists(conn: Connection, kind: OfLists, wanted: Wanted, day: date, again: bool) -> AsyncIterator[Draft]:
    for period, first, last in kind.periods(_day_of(wanted.object) or day):
        lists: dict[str, list[Mapping[str, Any]]] = {}
        for row in await conn.fetch(Q[kind.query], period, first, last):
            plain = dict(row)
            lists.setdefault(plain.pop("part"), []).append(msgspec.to_builtins(plain))
        for part, rows in lists.items():
            thing = ":".join(filter(None, (kind.code, period, part)))
            told = await told_of(conn, thing) or Told()
            differs = sha256(body_of(kind.code, rows)) != told.sha256
            if wanted.object in ("", thing) and (differs or again):
                yield Draft(kind=kind.code, object=thing, version=told.version + 1, rows=tuple(rows),
                            title=" ".join(filter(None, (kind.zh, period, part)))[:TITLE])
