"""Import and export. All or nothing: a file with one bad cell changes nothing, and the same file
read twice changes nothing the second time."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from hub.directory import facts, people_sheet, transfer_organisations, transfer_people
from hub.directory.facts import SQL
from hub.directory.messages.commands import ImportReport
from hub.directory.messages.events import PersonSaved
from hub.directory.model import OrgFact
from hub.directory.people_phone import masked, national
from hub.directory.people_pinyin import search_key
from hub.directory.projection import WRITERS, project
from hub.directory.spreadsheet import Grid, read, write_csv, write_xlsx
from hub.directory.transfer_columns import Column
from hub.directory.transfer_people import Checked, PeopleFacts
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import Forbidden, TooLarge
from hub.kernel.ids import uuid7
from hub.kernel.messages import Event, Recorded, kind_of
from hub.record import Append, Connection, Database, Entry, Journal, NewEvent, Row
from hub.spoke import Touched, Write
from hub.wire.codec import EventCodec

MOST_EVENTS = 20_000
Format = Literal["xlsx", "csv"]
Tell = Callable[[Sequence[Touched]], None]
"""Told after the commit which rows changed, e.g. `teller.touch`."""

_codec = EventCodec(WRITERS)


async def import_people(
    db: Database, journal: Journal, actor: Actor, at: datetime, content: bytes, filename: str,
    dry_run: bool, tell: Tell | None = None,
) -> ImportReport:
    """Raises Malformed or TooLarge when the file is no list of people; bad rows are in the report."""
    _may(actor, Permission.DIRECTORY_EDIT)
    grid = await asyncio.to_thread(read, content, filename)
    async with db.read() as conn:
        known = PeopleFacts(
            await facts.organisations(conn, None), await facts.people(conn, None), await facts.groups(conn, None),
        )
    checked = await asyncio.to_thread(transfer_people.check, grid, known, actor)
    return await _apply(journal, actor, at, content, checked, dry_run, tell)


async def import_organisations(
    db: Database, journal: Journal, actor: Actor, at: datetime, content: bytes, filename: str,
    dry_run: bool, tell: Tell | None = None,
) -> ImportReport:
    """As `import_people`."""
    _may(actor, Permission.DIRECTORY_EDIT)
    grid: Grid = await asyncio.to_thread(read, content, filename)
    async with db.read() as conn:
        known = await facts.organisations(conn, None)
    checked = await asyncio.to_thread(transfer_organisations.check, grid, known, actor)
    return await _apply(journal, actor, at, content, checked, dry_run, tell)


def _may(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden("您的账号没有导入或导出通讯录的权限，请联系管理员。",
                        "Your account may not import or export the directory; ask an administrator.")


async def _apply(
    journal: Journal, actor: Actor, at: datetime, content: bytes, checked: Checked, dry_run: bool, tell: Tell | None,
) -> ImportReport:
    _not_too_many(checked.writes)
    if dry_run or checked.report.bad_total:
        return checked.report
    touched = await record(journal, actor, at, checked.writes, hashlib.sha256(content).digest())
    if tell:
        tell(touched)
    return msgspec.structs.replace(checked.report, applied=True)


async def record(
    journal: Journal, actor: Actor, at: datetime, writes: Sequence[Write], body: bytes,
) -> Sequence[Touched]:
    """One command for all of them, so that they stand together or not at all."""
    if not writes:
        return ()
    events: dict[UUID, Event] = {}
    entries = await asyncio.to_thread(_entries, writes, at, events)

    async def rows_too(conn: Connection, rows: Sequence[Row]) -> Sequence[Touched]:
        return await project(conn, [
            Recorded(row.pos, row.stream, row.version, row.at, row.id, row.cmd, row.actor, events[row.id])
            for row in rows
        ])

    appended = await journal.append(Append(
        cmd=uuid7(at), body=body, actor=actor.id, at=at, entries=entries, project=rows_too,
    ))
    return appended.projected or ()


def _not_too_many(writes: Sequence[Write]) -> None:
    if sum(len(write.events) for write in writes) > MOST_EVENTS:
        raise TooLarge(f"一次最多改动 {MOST_EVENTS} 条，请拆成几个文件依次导入。",
                       f"At most {MOST_EVENTS} records can change at once; split the file.",
                       code="too-many-changes", field="file")


def _entries(writes: Sequence[Write], at: datetime, events: dict[UUID, Event]) -> tuple[Entry, ...]:
    """Fills `events`, by the ids they are given."""
    for write in writes:
        for event in write.events:
            if isinstance(event, PersonSaved):
                search_key(event.name)  # kept, so that the recording transaction need not work it out
    return tuple(
        Entry(write.stream, write.expected, tuple(_new(event, at, events) for event in write.events))
        for write in writes
    )


def _new(event: Event, at: datetime, events: dict[UUID, Event]) -> NewEvent:
    id = uuid7(at)
    events[id] = event
    return NewEvent(kind_of(event), event.schema_version, id, _codec.encode(event))


async def export_people(conn: Connection, actor: Actor, format: Format) -> bytes:
    """Active people in the actor's scopes. Only an editor's export has full numbers and openids,
    and can be imported again."""
    _may(actor, Permission.DIRECTORY_VIEW)
    orgs = people_sheet.org_words(await facts.organisations(conn, None))
    rows = await conn.fetch(SQL["export_people"], list(actor.scopes))
    full = actor.may(Permission.DIRECTORY_EDIT)
    lines = [people_sheet.cells(_shown(row, full), orgs.get(row["org"], row["org"]),
                                   (national if full else masked)(row["phone"])) for row in rows]
    return await asyncio.to_thread(_write, people_sheet.COLUMNS, lines, format, "人员")


def _shown(row: Any, full: bool) -> dict[str, Any]:
    return dict(row) | ({} if full else {"openid": ""})


async def export_organisations(conn: Connection, actor: Actor, format: Format) -> bytes:
    _may(actor, Permission.DIRECTORY_VIEW)
    rows = await conn.fetch(SQL["export_organisations"], list(actor.scopes))
    orgs = [facts.build(OrgFact, row) for row in rows]
    lines = [transfer_organisations.cells(org, org.parent or "") for org in orgs]
    return await asyncio.to_thread(_write, transfer_organisations.COLUMNS, lines, format, "机构")


def _write(columns: Sequence[Column], lines: Sequence[Sequence[str]], format: Format, sheet: str) -> bytes:
    headings = [column.heading for column in columns]
    if format == "csv":
        return write_csv(headings, lines)
    return write_xlsx(headings, lines, [column.width for column in columns], sheet)
