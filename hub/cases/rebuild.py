"""The rows of all cases, written anew from the journal: they must come out as they were, byte for byte."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from hub.cases.clocks import put_clocks
from hub.cases.found import KIND
from hub.cases.projection import project_shared
from hub.cases.shapes import LIVES
from hub.cases.spoke import SHARED_EVENTS
from hub.cases.subscribing.rows import TABLES as SUBSCRIPTIONS
from hub.kernel.messages import Event, Recorded
from hub.record import Connection, Database, Jobs, Journal, Row
from hub.spoke import Project
from hub.wire.codec import EventCodec

log = structlog.get_logger()

TABLES = ("cases.clock", "cases.file", "cases.relation", "cases.notice", "cases.counter", "cases.rule_set", "cases.calendar_day", "cases.item",
          *SUBSCRIPTIONS)
FOUND = """
select count(*) || ' ' || coalesce(md5(string_agg(md5(d::text || p::text), '' order by d.id, p.place, p.start)), '')
  from search.document d join search.paragraph p on p.document = d.id where d.kind = $1"""
TOLD = "create temporary table told on commit drop as select id, zh, en, plain from cases.notice"
AS_TOLD = """
update cases.notice n set zh = t.zh, en = t.en, plain = t.plain from told t
where t.id = n.id and (n.zh, n.en, n.plain) is distinct from (t.zh, t.en, t.plain)"""
"""What people were told stays as it was told, whatever a newer program would call it."""
BATCH = 2000
MINUTES = 60


class Differs(Exception):
    """Only looked at: nothing is kept of it."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A spoke whose rows come of its events alone as well, and are not of cases."""

    tables: tuple[str, ...]
    events: tuple[type[Event], ...]
    project: Project


async def rebuild(db: Database, journal: Journal, beside: Sequence[Beside] = (), *, keep: bool = True) -> dict[str, tuple[str, str]]:
    """Tables whose rows came out otherwise, with the digests before and after. One transaction: while it runs nothing is recorded,
    and who reads sees the rows as they were. Not `keep`: everything stays as it was."""
    tables, differing = _tables(beside), dict[str, tuple[str, str]]()
    try:
        async with db.transaction() as conn:
            await conn.execute(f"set local statement_timeout = '{MINUTES}min'")
            await journal.hold(conn)
            await conn.execute(f"lock table {', '.join(tables)} in exclusive mode")
            before = await _digests(conn, tables)
            await conn.execute(TOLD)
            await conn.execute(";".join(f"delete from {table}" for table in tables))
            await conn.execute(f"delete from search.document where kind = '{KIND}'")
            await _replay(conn, journal, beside)
            await conn.execute(AS_TOLD)
            after = await _digests(conn, tables)
            differing = {table: (before[table], after[table]) for table in before if before[table] != after[table]}
            if not keep:
                raise Differs
            await _clocks_again(conn)
    except Differs:
        pass
    return differing


def _tables(beside: Sequence[Beside]) -> tuple[str, ...]:
    return (*TABLES, *(table for shapes in LIVES.values() for table in shapes.tables), *(table for one in beside for table in one.tables))


async def _digests(conn: Connection, tables: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in tables:
        found[table] = await conn.fetchval(f"select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by t::text)), '') from {table} t")
    return found | {"search": await conn.fetchval(FOUND, KIND)}


async def _replay(conn: Connection, journal: Journal, beside: Sequence[Beside]) -> None:
    codec = EventCodec((*SHARED_EVENTS, *(event for shapes in LIVES.values() for event in (*shapes.events.values(), *shapes.own_events)),
                        *(event for one in beside for event in one.events)))
    async for rows in _commands(journal):
        facts = [Recorded(row.pos, row.stream, row.version, row.at, row.id, row.cmd, row.actor, codec.decode(row.type, row.schema, row.data))
                 for row in rows if row.type in codec]
        await project_shared(conn, facts, live=False)
        with Jobs.quiet(conn):
            for one in beside:
                await one.project(conn, [fact for fact in facts if isinstance(fact.event, one.events)])


async def _commands(journal: Journal) -> AsyncIterator[list[Row]]:
    """What one command recorded is projected at once, as it was when it was recorded."""
    position, whole = 0, list[Row]()
    while rows := await journal.read_all(position, BATCH):
        position = rows[-1].pos
        for row in rows:
            if whole and whole[0].cmd != row.cmd:
                yield whole
                whole = []
            whole.append(row)
        log.info("cases_replayed", position=position)
    if whole:
        yield whole


async def _clocks_again(conn: Connection) -> None:
    """The jobs of running clocks, in case they were lost with the database."""
    rows: list[Any] = await conn.fetch("select i.stream, i.version, i.body, array_agg(c.clock order by c.clock) as clocks"
                                       " from cases.clock c join cases.item i on i.id = c.case_id group by i.id")
    for row in rows:
        if row["stream"] in LIVES:
            shapes = LIVES[row["stream"]]
            await put_clocks(conn, shapes, shapes.loaded(row["body"], row["version"]), row["clocks"])
