"""The business of the Congress, put together: every stream that hangs on the hub, one line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.access.work import Access
from hub.cases import cases_spoke
from hub.cases.sheets import export_cases
from hub.cases.subscribing.works import SubscriptionWorks
from hub.cases.works import CaseWorks
from hub.desk import Desk
from hub.gateway.books import BookDoor
from hub.gateway.cases import CaseDoor
from hub.gateway.citizens import Citizens
from hub.gateway.opinions import OpinionDoor
from hub.gateway.public import PublicDoor, Sign
from hub.gateway.replies import ReplyDoor
from hub.kernel.clock import Clock
from hub.record import Database, Errand
from hub.search.meaning import Understanding
from hub.search.spoke import search_spoke
from hub.spoke import Spoke
from hub.streams.duties import spoke as duties
from hub.streams.duties.sheet import export_scores
from hub.streams.duties.works import EXPIRE
from hub.streams.legislation.plans import export_plan
from hub.streams.legislation.spoke import SPOKES as LEGISLATION
from hub.streams.legislation.works import LawWorks
from hub.streams.opinions import spoke as opinions
from hub.streams.proposals import spoke as proposals
from hub.streams.proposals.export import export_year
from hub.streams.proposals.projection import TERM
from hub.streams.proposals.reads import term_ends
from hub.streams.snapshots import spoke as snapshots

STREAMS: tuple[Spoke, ...] = (proposals.SPOKE, *duties.SPOKES, *LEGISLATION, snapshots.SPOKE, opinions.SPOKE)


def business(access: Access, clock: Clock, streams: tuple[Spoke, ...] = STREAMS) -> tuple[Spoke, ...]:
    return (cases_spoke(access, clock), search_spoke(clock, Understanding(access.db, clock)), *streams, duties.spoke_of_now(clock),
            snapshots.spoke_of_now(clock), opinions.spoke_of_now(clock))


EXPORTS: Mapping[str, Any] = {"cases": export_cases, "proposals": export_year, "plans": export_plan, "scores": export_scores}


def case_routes(db: Database, desk: Desk, sign: Sign) -> list[Any]:
    citizens = Citizens(db, desk)
    return [*CaseDoor(db, desk).routes(), *PublicDoor(db, citizens, sign).routes(), *OpinionDoor(db, citizens).routes(), *BookDoor(db).routes(),
            *ReplyDoor(db).routes()]


def case_errands(db: Database, desk: Desk, clock: Clock) -> Mapping[str, Errand]:
    suggestions, offices = proposals.errands(db, desk), duties.errands(db, desk, clock, term_ends)
    return {**CaseWorks(db, desk, clock).by_kind, **SubscriptionWorks(db, desk).by_kind, **Understanding(db, clock).by_kind, **suggestions, **offices,
            TERM: _one_after_the_other(suggestions[TERM], offices[EXPIRE]), **snapshots.errands(db, desk), **opinions.errands(db, desk),
            **LawWorks(db, desk, clock).by_kind}


def _one_after_the_other(*errands: Errand) -> Errand:
    async def run(told: Any) -> None:
        for one in errands:
            await one(told)

    return run
