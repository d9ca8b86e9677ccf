"""What the hub does by itself: signed-in deputies get their record, who moves up is told, accepted suggestions count, a frozen year freezes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from dispatch.messages.commands import SendBroadcast
from dispatch.messages.shapes import Audience
from dispatch.words import Priority
from hub.cases import load_case, shapes_of
from hub.desk import Desk
from hub.kernel.actor import SYSTEM
from hub.kernel.calendar import day_of
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from hub.record import Connection, Database, Errand, Jobs, VersionConflict, load_sql
from hub.streams.duties.activities import Activity
from hub.streams.duties.projection import COUNT, FREEZE, MOVED_UP
from hub.streams.duties.records import RECORDS

log = structlog.get_logger()
Q = load_sql(__package__)
SWEEP = "duties.sweep"
EVERY = timedelta(minutes=10)


class DutyWorks:
    def __init__(self, db: Database, desk: Desk, clock: Clock) -> None:
        self._db, self._desk, self._clock = db, desk, clock

    @property
    def by_kind(self) -> Mapping[str, Errand]:
        return {COUNT: self.count, MOVED_UP: self.tell_moved_up, FREEZE: self.freeze, SWEEP: self.sweep}

    async def count(self, told: list[str]) -> None:
        """One activity counts once for a deputy: the record's id is made from both."""
        activity, person = UUID(told[0]), told[1]
        async with self._db.read() as conn:
            case = await load_case(conn, activity)
        facts = case.facts if case else None
        if not isinstance(facts, Activity) or facts.starts is None:
            return
        await self._count(person, f"activity:{activity}", {
            "title": facts.title, "kind": facts.kind, "on": day_of(facts.starts).isoformat(), "place": facts.place, "hours": facts.hours})

    async def _count(self, person: str, origin: str, form: dict[str, Any]) -> None:
        command = shapes_of(RECORDS.name).commands["CountDuty"]
        case = derived("duty", origin, person)
        plain = {"id": str(derived("count", case)), "case": str(case),
                 "form": form | {"person": person.removeprefix("person:"), "origin": origin}}
        await self._ask(msgspec.convert(plain, command))

    async def _ask(self, command: Any) -> None:
        try:
            await self._desk.ask(command, SYSTEM)
        except VersionConflict:
            raise  # others were faster again and again: the job is tried later
        except Refused as refusal:
            log.info("duty_work_refused", command=type(command).__name__, why=refusal.en)

    async def tell_moved_up(self, told: list[str]) -> None:
        activity, person, event = UUID(told[0]), told[1], told[2]
        async with self._db.read() as conn:
            case = await load_case(conn, activity)
        if case is None:
            return
        await self._ask(SendBroadcast(
            id=derived("moved up", event), title="活动候补转正", text=f"您已从候补转为正式参加“{case.facts.title}”，请按时参加。".replace("{", "｛").replace("}", "｝"),
            audience=Audience(recipients=(person,)), priority=Priority.IMPORTANT))

    async def freeze(self, year: int) -> None:
        command = shapes_of(RECORDS.name).commands["FreezeDuty"]
        async with self._db.read() as conn:
            rows = await conn.fetch(Q["to_freeze"], year)
        for row in rows:
            await self._ask(msgspec.convert({"id": str(derived("freeze", row["id"])), "case": str(row["id"])}, command))

    async def sweep(self, _told: Any) -> None:
        """Suggestions that were accepted count for who put them and who signed with him."""
        async with self._db.read() as conn:
            rows = await conn.fetch(Q["uncounted_proposals"])
        for row in rows:
            await self._count(row["person"], f"proposal:{row['id']}", {"title": row["title"], "kind": "proposal", "on": row["day"]})
        async with self._db.transaction() as conn:
            await put_sweep(conn, self._clock)


async def put_sweep(conn: Connection, clock: Clock) -> None:
    await Jobs.put(conn, SWEEP, "", clock.now() + EVERY)
