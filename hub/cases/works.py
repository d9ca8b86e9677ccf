"""What cases do at an hour that was set: clocks strike, the hub takes its own steps, notices go on the road. Each at least
once; that it happens once is the work of ids derived from what made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from dispatch.messages.commands import SendBroadcast
from dispatch.messages.shapes import Audience, RecipientKind
from dispatch.words import Priority
from hub.cases.calendars import calendar_of
from hub.cases.clocks import (
    CLOCK,
    RECOUNT,
    THEN,
    Recounting,
    moved,
    reads_again,
    ticking,
    ticking_case,
)
from hub.cases.messages import RecountClock, StrikeClock
from hub.cases.notices import TELL
from hub.cases.shapes import LIVES
from hub.desk import Desk
from hub.kernel.actor import SYSTEM
from hub.kernel.calendar import Calendar
from hub.kernel.clock import Clock
from hub.kernel.errors import Conflict, NotFound, Refused
from hub.kernel.ids import derived
from hub.record import Connection, Database, Errand, Jobs, VersionConflict, load_sql

log = structlog.get_logger()
Q = load_sql(__package__)

TITLE = 60
NAMED = ("person:", "station:")
NO_VARIABLES = str.maketrans("{}", "｛｝")
"""A title may hold braces, which a broadcast would take for its own."""


class CaseWorks:
    def __init__(self, db: Database, desk: Desk, clock: Clock) -> None:
        self._db, self._desk, self._clock = db, desk, clock

    @property
    def by_kind(self) -> Mapping[str, Errand]:
        return {CLOCK: self.strike, THEN: self.take, TELL: self.tell, RECOUNT: self.recount}

    async def strike(self, told: list[str]) -> None:
        """The strike puts the clock's next one, so that what was missed follows at once, in order."""
        case, clock = UUID(told[0]), told[1]
        try:
            async with self._db.read() as conn:
                known = await ticking_case(conn, case)
            due = known.next(clock)
            if due is None:
                return
            if self._clock.now() < due.at:
                await self._later(case, clock, due.at)
                return
            await self._desk.ask(StrikeClock(id=derived("strike", case, clock, known.case.version), case=case, clock=clock, strike=due.name), SYSTEM)
        except VersionConflict:
            raise  # others were faster again and again: a limit of the law is not forgotten for that, the job is tried later
        except (Conflict, NotFound):
            return

    async def _later(self, case: UUID, clock: str, at: Any) -> None:
        """The server's clock was put back."""
        async with self._db.transaction() as conn:
            await Jobs.put(conn, CLOCK, f"{case}/{clock}", at, [str(case), clock])

    async def take(self, told: list[str]) -> None:
        """The step that a clock ends in, if nobody was faster and no guard stands in its way."""
        case, clock, event = UUID(told[0]), told[1], told[2]
        async with self._db.read() as conn:
            stream = await conn.fetchval("select stream from cases.item where id = $1", case)
        shapes = LIVES[stream]
        command = shapes.commands[shapes.life.deadline(clock).then]
        try:
            await self._desk.ask(command(id=derived("then", event), case=case), SYSTEM)  # type: ignore[call-arg]
        except VersionConflict:
            raise
        except Refused as refusal:
            log.info("step_of_clock_refused", case=str(case), clock=clock, why=refusal.en)

    async def recount(self, event: str) -> None:
        """The working days were arranged otherwise, or a session: clocks that are counted by them move."""
        async with self._db.read() as conn:
            calendar, rows = await calendar_of(conn), await conn.fetch(Q["running"])
            known = {stream: await reads_again(conn, LIVES[stream]) for stream in {row["stream"] for row in rows} & LIVES.keys()}
            wanted = [(row["id"], clock) for row in rows if row["stream"] in known
                      for clock in await self._to_move(conn, row, calendar, known[row["stream"]])]
        for case, clock in wanted:
            try:
                await self._desk.ask(RecountClock(id=derived("recount", event, case, clock), case=case, clock=clock), SYSTEM)
            except VersionConflict:
                raise  # the job is tried again, and finds what is left to be moved
            except (Conflict, NotFound):
                continue

    async def _to_move(self, conn: Connection, row: Any, calendar: Calendar, reads: Any) -> list[str]:
        shapes = LIVES[row["stream"]]
        found = Recounting(known=await ticking(conn, shapes, shapes.loaded(row["body"], row["version"])), calendar=calendar, reads=reads)
        return [clock for clock in found.known.case.clocks if moved(found, clock, self._clock.now())]

    async def tell(self, event: str) -> None:
        """One broadcast for one event: dispatch knows each person's roads."""
        async with self._db.read() as conn:
            rows = await conn.fetch(Q["notices_to_send"], UUID(event))
        if not rows:
            return
        named = tuple(row["ref"] for row in rows if row["ref"].startswith(NAMED))
        units = tuple(row["ref"] for row in rows if not row["ref"].startswith(NAMED))
        audience = Audience(recipients=named, orgs=units, kinds=(RecipientKind.HANDLER, RecipientKind.STAFF) if units else ())
        text = rows[0]["plain"].translate(NO_VARIABLES)
        command = SendBroadcast(
            id=derived("case notice", event), title=f"{LIVES[rows[0]['stream']].life.zh}办理提醒"[:TITLE], text=text, audience=audience,
            priority=Priority.IMPORTANT if any(row["urgent"] for row in rows) else Priority.ORDINARY)
        try:
            await self._desk.ask(command, SYSTEM)
        except VersionConflict:
            return  # it stands already: the errand ran before, so long ago that its command is forgotten
        except Refused as refusal:
            if refusal.code != "audience-empty":
                raise
            log.info("notice_reaches_nobody", told_of=event)
