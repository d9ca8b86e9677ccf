"""What the hub does by itself after a step: each follow-up at least once, and by its derived id only once."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec
import structlog

from hub.cases import load_case, shapes_of
from hub.cases.clocks import ticking_case
from hub.desk import Desk
from hub.kernel.actor import SYSTEM
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from hub.record import Connection, Database, Errand, VersionConflict, load_sql
from hub.streams.proposals.facts import Proposal
from hub.streams.proposals.following import FollowUp, concerned, follow_ups
from hub.streams.proposals.projection import FOLLOW, MOTIONS, TERM
from hub.streams.proposals.rules import ProposalRules

log = structlog.get_logger()
Q = load_sql(__package__)


class ProposalWorks:
    def __init__(self, db: Database, desk: Desk) -> None:
        self._db, self._desk = db, desk

    @property
    def by_kind(self) -> Mapping[str, Errand]:
        return {FOLLOW: self.follow, TERM: self.lapse, MOTIONS: self.close_motions}

    async def follow(self, case: str) -> None:
        async with self._db.read() as conn:
            wanted = await _due(conn, UUID(case))
        for one in wanted:
            await self._take(one)

    async def lapse(self, term: str) -> None:
        """Drafts that nobody handed in before the new term."""
        async with self._db.read() as conn:
            rows = await conn.fetch(Q["unsent_of_other_terms"], term)
        for row in rows:
            await self._take(FollowUp(command="LapseProposal", case=row["id"], key=term))

    async def close_motions(self, session: str) -> None:
        """The presidium's deadline, wherever it was moved: drafts short of movers go on as suggestions."""
        async with self._db.read() as conn:
            rows = await conn.fetch(Q["unsent_motions"])
        for row in rows:
            await self._take(FollowUp(command="LetMotionLapse", case=row["id"], key=session))

    async def _take(self, one: FollowUp) -> None:
        command = shapes_of("proposals").commands[one.command]
        plain = {"id": str(derived("follow-up", one.command, one.case, one.key)), "case": str(one.case)} | ({"form": one.form} if one.form else {})
        try:
            await self._desk.ask(msgspec.convert(plain, command), SYSTEM)
        except VersionConflict:
            raise  # the job is tried again
        except Refused as refusal:
            log.info("follow_up_refused", command=one.command, case=str(one.case), why=refusal.en)


async def _due(conn: Connection, case_id: UUID) -> list[FollowUp]:
    known = await ticking_case(conn, case_id)
    case, rules = known.case, known.rules
    if not isinstance(case.facts, Proposal) or not isinstance(rules, ProposalRules):
        return []
    found = [(one, await load_case(conn, one)) for one in concerned(case.facts)]
    return list(follow_ups(case, {one: other for one, other in found if other is not None}, rules))
