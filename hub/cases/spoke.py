"""Streams as spokes: each from its tables, and one for what all of them have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from hub.access.work import Access
from hub.cases import clocks, relating, settings, told
from hub.cases.deciding import steps_of
from hub.cases.messages import (
    AnswerCaseNote,
    CalendarDaysSaved,
    CasesRelated,
    ReadNotices,
    RecountClock,
    RelateCases,
    RulesSaved,
    SaveCalendarDays,
    SaveRules,
    StrikeClock,
)
from hub.cases.projection import project_cases, project_shared
from hub.cases.shapes import Reads, declare
from hub.cases.subscribing import deciding as wanted
from hub.cases.subscribing import messages as subscribing
from hub.cases.subscribing.works import Matching
from hub.cases.told import CaseTold, TellOfCase
from hub.cases.views import build_views
from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import Clock
from hub.kernel.lifecycle import (
    CaseClockMoved,
    CaseClockStruck,
    CaseNoteAnswered,
    Lifecycle,
    refuse_strange_days,
)
from hub.kernel.messages import Event, Recorded
from hub.record import Connection, Database, load_sql
from hub.spoke import Decides, Decision, Does, Errand, Project, Spoke, Touched, View

Q = load_sql(__package__)
P = Permission
DESKS = frozenset({P.INTAKE, P.ASSIGN, P.COMMITTEE, P.LEGISLATE, P.RULES})
SHARED_EVENTS: tuple[type[Event], ...] = (CaseClockStruck, CaseClockMoved, CaseNoteAnswered, CasesRelated, RulesSaved, CalendarDaysSaved, CaseTold,
                                          *subscribing.EVENTS)


def stream_spoke(
    life: Lifecycle, *, reads: Mapping[str, Reads] | None = None, commands: Sequence[Decides | Does] = (), events: Sequence[type[Event]] = (),
    views: Sequence[View] = (), project: Project | None = None, tables: Sequence[str] = (), errands: Mapping[str, Errand] | None = None,
) -> Spoke:
    """`reads`: command → what its guards look at beside the case. `commands`, `events`, `views`, `project`: what the stream has
    beyond its tables; `project` runs after the case's own rows are written, for events of its cases (clocks' too) and its own.
    `commands` of a desk's permission are the city's: a district's desk is refused. `tables`: those that `project` alone writes;
    they are emptied when the journal is played anew."""
    shapes = declare(life, reads, project, tuple(events), tuple(tables))

    async def written(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
        return await project_cases(conn, recorded)

    return Spoke(name=life.name, commands=(*steps_of(shapes), *map(_of_the_city, commands)), events=(*shapes.events.values(), *events), views=tuple(views),
                 project=written, errands=dict(errands or {}))


def _of_the_city(rule: Decides | Does) -> Decides | Does:
    """What a stream has beyond its cases has no place: it holds for all. Its days are such as can be meant."""
    if not isinstance(rule, Decides):
        return rule

    def decide(facts: Any, command: Any, actor: Actor, at: datetime) -> Decision:
        if rule.permission in DESKS:
            settings.require_city(actor)
        refuse_strange_days(command, "")
        return rule.decide(facts, command, actor, at)

    return replace(rule, decide=decide)


def cases_spoke(access: Access, clock: Clock) -> Spoke:
    """What every stream has: generic views, clocks, notes owed, relations, rule sets, the calendar."""
    return Spoke(
        name="cases",
        commands=(
            Decides(command=StrikeClock, permission=P.SELF, decide=clocks.strike, facts=clocks.of_command, audited=False),
            Decides(command=RecountClock, permission=P.SELF, decide=clocks.recount, facts=clocks.of_recount, audited=False),
            Decides(command=AnswerCaseNote, permission=P.SELF, decide=clocks.answer_note, facts=clocks.of_command),
            Decides(command=RelateCases, permission=P.SELF, decide=relating.relate, facts=relating.pair),
            Does(command=ReadNotices, permission=P.SELF, handle=_reader(access.db), audited=False),
            Decides(command=TellOfCase, permission=P.SELF, decide=told.tell, facts=told.is_there, audited=False),
            Decides(command=subscribing.SaveSubscription, permission=P.SELF, decide=wanted.save, facts=wanted.kept),
            Decides(command=subscribing.EndSubscription, permission=P.SELF, decide=wanted.end, facts=wanted.kept),
            Decides(command=subscribing.MatchSubscriptions, permission=P.SELF, decide=wanted.match, facts=Matching(access).found, audited=False),
            Decides(command=SaveRules, permission=P.RULES, decide=settings.save_rules, facts=settings.books),
            Decides(command=SaveCalendarDays, permission=P.RULES, decide=settings.save_days, facts=settings.nothing),
        ),
        events=SHARED_EVENTS,
        views=build_views(access, clock),
        project=project_shared,
    )


def _reader(db: Database) -> Any:
    async def read(command: ReadNotices, actor: Actor, at: datetime) -> None:
        """Nobody has read what is still to come."""
        async with db.transaction() as conn:
            await conn.execute(Q["see_notices"], actor.id, min(command.until, at))

    return read
