"""What the hub does by itself: an opinion that a deputy heard and the desk takes up counts as a duty, once; one that is raised becomes a
draft suggestion; one that is merged is related to where it went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
import structlog

from hub.access.doors import deputy
from hub.cases import load_case, shapes_of
from hub.cases.messages import RelateCases
from hub.desk import Desk
from hub.kernel.actor import SYSTEM, Actor
from hub.kernel.calendar import day_of
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case
from hub.record import Connection, Database, Errand, VersionConflict, load_sql
from hub.streams.opinions.guards import LEAD
from hub.streams.opinions.model import public_title
from hub.streams.opinions.projection import COUNT, RAISE, RELATE

log = structlog.get_logger()
Q = load_sql(__package__)
PERSON = "person:"
DUTIES = {"reception": "reception", "visit": "visit"}
"""How a deputy heard it, and as which duty it counts."""


class OpinionWorks:
    def __init__(self, db: Database, desk: Desk) -> None:
        self._db, self._desk = db, desk

    @property
    def by_kind(self) -> Mapping[str, Errand]:
        return {COUNT: self.count, RAISE: self.make_draft, RELATE: self.relate}

    async def count(self, told: str) -> None:
        """Records are public (DL 58): of the citizen's words, name and place nothing stands there."""
        case = await self._opinion(told)
        if case is None or case.facts.came not in DUTIES or not case.facts.collector.startswith(PERSON):
            return
        person, origin = case.facts.collector, f"opinion:{case.id}"
        record = derived("duty", origin, person)
        await self._ask("duty_records", "CountDuty", SYSTEM, {"id": str(derived("count", record)), "case": str(record), "form": {
            "person": person.removeprefix(PERSON), "origin": origin, "title": public_title(case), "kind": DUTIES[case.facts.came],
            "on": day_of(case.opened).isoformat()}})

    async def make_draft(self, told: str) -> None:
        """The deputy's own draft, with what was said and the files he sent, related to where it comes from. Who said it stays behind."""
        case = await self._opinion(told)
        if case is None or not case.parties[LEAD][0].startswith(PERSON):
            return
        lead = deputy(UUID(case.parties[LEAD][0].removeprefix(PERSON)), "")
        draft = derived("draft of", case.id)
        async with self._db.read() as conn:
            files = await files_of(conn, case.id, lead)
        facts = case.facts
        where = f"（地点：{facts.place}）" if facts.place else ""
        await self._ask("proposals", "DraftProposal", lead, {"id": str(derived("raise", case.id)), "case": str(draft), "form": {
            "title": f"关于“{facts.title}”的建议", "situation": f"群众反映：{facts.text}{where}", "files": files}})
        await self._say(RelateCases(id=derived("relate", case.id), case=draft, other=case.id, kind="source"), lead)

    async def relate(self, told: str) -> None:
        case = await self._opinion(told)
        if case is not None and case.facts.into is not None:
            await self._say(RelateCases(id=derived("merge", case.id), case=case.id, other=case.facts.into, kind="merged"), SYSTEM)

    async def _opinion(self, told: str) -> Case | None:
        async with self._db.read() as conn:
            return await load_case(conn, UUID(told))

    async def _ask(self, stream: str, name: str, actor: Actor, plain: Any) -> None:
        await self._say(msgspec.convert(plain, shapes_of(stream).commands[name]), actor)

    async def _say(self, command: Any, actor: Actor) -> None:
        try:
            await self._desk.ask(command, actor)
        except VersionConflict:
            raise  # others were faster again and again: the job is tried later
        except Refused as refusal:
            log.info("opinion_work_refused", command=type(command).__name__, why=refusal.en)


async def files_of(conn: Connection, case: UUID, actor: Actor) -> list[str]:
    """Those that the deputy sent with it."""
    return [str(row["file"]) for row in await conn.fetch(Q["own_files"], case, actor.id)]
