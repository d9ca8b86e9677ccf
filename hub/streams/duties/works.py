"""What the hub does by itself: signed-in deputies get their record, who moves up is told, accepted suggestions count, a frozen year freezes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from dispatch.messages.commands import SendBroadcast
from dispatch.messages.shapes import Audience
from dispatch.words import Priority
from hub.cases import load_case, shapes_of
from hub.cases.told import TellOfCase
from hub.desk import Desk
from hub.directory.messages.commands import SavePerson
from hub.kernel.actor import SYSTEM
from hub.kernel.calendar import ZONE, day_of
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from hub.kernel.lifecycle import LATE, Case
from hub.record import Connection, Database, Errand, Jobs, VersionConflict, load_sql
from hub.streams.duties.activities import OPEN, Activity
from hub.streams.duties.booking import TOPICS_OPEN
from hub.streams.duties.mandates import (
    COMMITTEE,
    IN_OFFICE,
    INTAKE,
    MANDATES,
    MOST_ABSENCES,
    Mandate,
)
from hub.streams.duties.projection import (
    COUNT,
    FREEZE,
    MOVED_UP,
    REFUSED,
    REGISTER,
    REMIND,
    TALK,
    WARN,
)
from hub.streams.duties.records import RECORDS
from hub.streams.duties.talks import Talks

log = structlog.get_logger()
Q = load_sql(__package__)
SWEEP, EXPIRE = "duties.sweep", "duties.expire"
EVERY = timedelta(minutes=10)
TermEnds = Callable[[Connection], Awaitable[Mapping[str, date]]]
"""Terms of the congress with the day on which each ended or will end."""


class DutyWorks:
    def __init__(self, db: Database, desk: Desk, clock: Clock, term_ends: TermEnds) -> None:
        self._db, self._desk, self._clock, self._term_ends = db, desk, clock, term_ends
        self.talks = Talks(db, self._ask)

    @property
    def by_kind(self) -> Mapping[str, Errand]:
        return {COUNT: self.count, MOVED_UP: self.tell_moved_up, FREEZE: self.freeze, SWEEP: self.sweep, REMIND: self.remind, WARN: self.warn,
                EXPIRE: self.expire, TALK: self.talks.follow, TOPICS_OPEN: self.tell_topics, REFUSED: self.tell_refused, REGISTER: self.enter}

    async def count(self, told: list[str]) -> None:
        """One activity counts once for a deputy: the record's id is made from both. What a clerk took back is not counted any more."""
        activity, person = UUID(told[0]), told[1]
        async with self._db.read() as conn:
            case = await load_case(conn, activity)
            taking = await conn.fetchrow(Q["believed"], activity, person)
            record = await load_case(conn, derived("duty", f"activity:{activity}", person))
        facts = case.facts if case else None
        if not isinstance(facts, Activity) or facts.starts is None or taking is None:
            return
        if record is not None:
            await self._set_right(record, believed=taking["believed"], note=taking["note"])
            return
        if taking["believed"]:
            await self._count(person, f"activity:{activity}", {
                "title": facts.title, "kind": facts.kind, "on": day_of(facts.starts).isoformat(), "place": facts.place, "hours": facts.hours})

    async def _set_right(self, record: Case, *, believed: bool, note: str) -> None:
        step = {("counted", False): "RevokeDuty", ("refused", True): "RestoreDuty"}.get((record.state, believed))
        if step:
            plain = {"id": str(derived(step, record.id, record.version)), "case": str(record.id), "form": {"answer": note or "签到经核实"}}
            await self._ask(msgspec.convert(plain, shapes_of(RECORDS.name).commands[step]))

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

    async def tell_refused(self, told: list[str]) -> None:
        activity, person, reason, event = UUID(told[0]), told[1], told[2], told[3]
        await self._ask(TellOfCase(id=derived("refused", event), case=activity, once=f"refused:{event}", refs=(person,), urgent=True,
                                   zh=f"您的报名没有被接受：{reason}", en=f"your registration was not taken: {reason}"))

    async def enter(self, told: str) -> None:
        """The directory says what the register says: invitations, groups and broadcasts go by it."""
        async with self._db.read() as conn:
            case = await load_case(conn, UUID(told))
            facts = case.facts if case and case.state in IN_OFFICE else None
            row = await conn.fetchrow(Q["person_of"], facts.person) if isinstance(facts, Mandate) else None
        if not isinstance(facts, Mandate) or row is None or case is None:
            return
        known = dict(row)
        wanted = known | {name: said for name in ("delegation", "post") if (said := getattr(facts, name))}
        if wanted != known:
            await self._ask(msgspec.convert({"id": str(derived("register", case.id, case.version)), "person": str(facts.person), **wanted}, SavePerson))

    async def remind(self, told: list[str]) -> None:
        """Who is registered hears of it the day before; after its end nobody does."""
        activity, due = UUID(told[0]), datetime.fromisoformat(told[1])
        async with self._db.read() as conn:
            case = await load_case(conn, activity)
            facts = case.facts if case and case.state in OPEN else None
            if not isinstance(facts, Activity) or facts.starts is None or facts.ends is None or self._clock.now() >= facts.ends:
                return
            people = tuple(row["person"] for row in await conn.fetch(Q["to_remind"], activity, facts.quota))
        late = self._clock.now() - due > LATE
        told_late = ("（系统停机期间到点，补发）", " (late: the hub was away at its hour)") if late else ("", "")
        starts = facts.starts.astimezone(ZONE)
        if people:
            await self._ask(TellOfCase(
                id=derived("remind", activity, due.isoformat()), case=activity, once="reminder", refs=people, late=late,
                zh=f"将于{starts:%m月%d日%H:%M}在{facts.place}举行，请准时参加{told_late[0]}",
                en=f"begins on {starts:%Y-%m-%d %H:%M} at {facts.place}; please come in time{told_late[1]}"))

    async def warn(self, told: list[Any]) -> None:
        """Of DL 62: two sessions missed without approval end a mandate."""
        mandate, missed = UUID(told[0]), int(told[1])
        async with self._db.read() as conn:
            case = await load_case(conn, mandate)
        if case is None:
            return
        zh, en = (("已满两次未经批准不出席会议，依代表法第六十二条应终止代表资格，请依法办理", "two sessions were missed without approval: by DL 62 the mandate is to be ended")
                  if missed >= MOST_ABSENCES else
                  ("未经批准不出席会议一次，再有一次代表资格即应终止（代表法第六十二条）", "one session was missed without approval; after another the mandate is to be ended (DL 62)"))
        await self._ask(TellOfCase(id=derived("absences", mandate, missed), case=mandate, once=f"absences:{missed}", urgent=True, zh=zh, en=en,
                                   refs=(*case.parties.get("lead", ()), INTAKE, COMMITTEE)))

    async def tell_topics(self, told: list[Any]) -> None:
        """One message for all topics of the year that stand open."""
        year = int(told[0])
        async with self._db.read() as conn:
            n = await conn.fetchval(Q["open_topics"], year)
            people = tuple(row["ref"] for row in await conn.fetch(Q["deputies_of"], []))
        if n and people:
            await self._ask(SendBroadcast(
                id=derived("topics open", year, told[1]), title=f"{year}年度选题预约", audience=Audience(recipients=people), priority=Priority.ORDINARY,
                text=f"{year}年度立法、监督选题有{n}个正在预约，请在手机“事项—年度选题”中选择。"))

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
        await self._keep_back()
        await self.expire(None)
        async with self._db.transaction() as conn:
            await put_sweep(conn, self._clock)

    async def expire(self, _told: Any) -> None:
        """With its term a mandate is over; who was elected again has another. What is entered late is looked for at every sweep."""
        today, command = day_of(self._clock.now()), shapes_of(MANDATES.name).commands["ExpireMandate"]
        async with self._db.read() as conn:
            over = {term: day for term, day in (await self._term_ends(conn)).items() if day <= today}
            rows = await conn.fetch(Q["mandates_of_terms"], list(over))
        for row in rows:
            plain = {"id": str(derived("expire", row["id"])), "case": str(row["id"]), "form": {"ended_on": over[row["term"]].isoformat()}}
            await self._ask(msgspec.convert(plain, command))

    async def _keep_back(self) -> None:
        """What a record is called when its suggestion was made confidential after it was counted."""
        async with self._db.read() as conn:
            rows = await conn.fetch(Q["titles_to_keep_back"])
        for row in rows:
            plain = {"id": str(derived("retitle", row["id"], row["version"])), "case": str(row["id"]), "form": {"title": row["title"]}}
            await self._ask(msgspec.convert(plain, shapes_of(RECORDS.name).commands["RetitleDuty"]))


async def put_sweep(conn: Connection, clock: Clock) -> None:
    await Jobs.put(conn, SWEEP, "", clock.now() + EVERY)
