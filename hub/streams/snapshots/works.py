"""What the hub does by itself: a snapshot that the desk takes up counts as a duty, once; one that is raised becomes a draft suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from hub.access.doors import deputy
from hub.cases import load_case
from hub.cases.asking import files_of, say, take
from hub.cases.messages import RelateCases
from hub.desk import Desk
from hub.kernel.actor import SYSTEM
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case
from hub.record import Database, Errand
from hub.streams.snapshots.model import day_taken, public_title
from hub.streams.snapshots.projection import COUNT, RAISE


class SnapshotWorks:
    def __init__(self, db: Database, desk: Desk) -> None:
        self._db, self._desk = db, desk

    @property
    def by_kind(self) -> Mapping[str, Errand]:
        return {COUNT: self.count, RAISE: self.make_draft}

    async def count(self, told: str) -> None:
        """The record's id is made of the snapshot and the deputy, as all records that the hub enters are. Records are public (DL 58):
        of the deputy's own words and of the place nothing stands there."""
        case = await self._snapshot(told)
        if case is None:
            return
        [person], origin = case.parties["lead"], f"snapshot:{case.id}"
        record = derived("duty", origin, person)
        await take(self._desk, "duty_records", "CountDuty", SYSTEM, {"id": str(derived("count", record)), "case": str(record), "form": {
            "person": person.removeprefix("person:"), "origin": origin, "title": public_title(case), "kind": "snapshot",
            "on": day_taken(case).isoformat()}})

    async def make_draft(self, told: str) -> None:
        """The deputy's own draft, with what was seen and its pictures, related to where it comes from."""
        case = await self._snapshot(told)
        if case is None:
            return
        lead = deputy(UUID(case.parties["lead"][0].removeprefix("person:")), "")
        draft = derived("draft of", case.id)
        async with self._db.read() as conn:
            files = await files_of(conn, case.id, lead)
        facts = case.facts
        where = f"（地点：{facts.place}）" if facts.place else ""
        await take(self._desk, "proposals", "DraftProposal", lead, {"id": str(derived("raise", case.id)), "case": str(draft), "form": {
            "title": f"关于“{facts.title}”的建议", "situation": f"{facts.text}{where}", "files": files}})
        await say(self._desk, RelateCases(id=derived("relate", case.id), case=draft, other=case.id, kind="source"), lead)

    async def _snapshot(self, told: str) -> Case | None:
        """None where an account has tried it out: it has neither duties nor drafts."""
        async with self._db.read() as conn:
            case = await load_case(conn, UUID(told))
        return case if case and case.parties["lead"][0].startswith("person:") else None
