"""What the hub does by itself: an opinion that a deputy heard and the desk takes up counts as a duty, once; one that is raised becomes a
draft suggestion; one that is merged is related to where it went."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from hub.access.doors import deputy
from hub.cases import load_case
from hub.cases.asking import files_of, say, take
from hub.cases.messages import RelateCases
from hub.desk import Desk
from hub.kernel.actor import SYSTEM
from hub.kernel.calendar import day_of
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case
from hub.record import Database, Errand
from hub.streams.opinions.guards import LEAD
from hub.streams.opinions.model import public_title
from hub.streams.opinions.projection import COUNT, RAISE, RELATE

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
        await take(self._desk, "duty_records", "CountDuty", SYSTEM, {"id": str(derived("count", record)), "case": str(record), "form": {
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
        await take(self._desk, "proposals", "DraftProposal", lead, {"id": str(derived("raise", case.id)), "case": str(draft), "form": {
            "title": f"关于“{facts.title}”的建议", "situation": f"群众反映：{facts.text}{where}", "files": files}})
        await say(self._desk, RelateCases(id=derived("relate", case.id), case=draft, other=case.id, kind="source"), lead)

    async def relate(self, told: str) -> None:
        case = await self._opinion(told)
        if case is not None and case.facts.into is not None:
            await say(self._desk, RelateCases(id=derived("merge", case.id), case=case.id, other=case.facts.into, kind="merged"), SYSTEM)

    async def _opinion(self, told: str) -> Case | None:
        async with self._db.read() as conn:
            return await load_case(conn, UUID(told))
