"""Duties (履职) as spokes: deputies in office, activities, records with their scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.cases import load_case, stream_spoke
from hub.desk import Desk
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.record import Connection, Database, Errand, load_sql
from hub.spoke import Spoke
from hub.streams.duties import scoring
from hub.streams.duties.activities import ACTIVITIES
from hub.streams.duties.joining import COMMANDS
from hub.streams.duties.mandates import MANDATES
from hub.streams.duties.messages import TAKING_EVENTS
from hub.streams.duties.projection import (
    ACTIVITY_TABLES,
    MANDATE_TABLES,
    RECORD_TABLES,
    project_activities,
    project_mandates,
    project_records,
)
from hub.streams.duties.records import RECORDS
from hub.streams.duties.views import ACTIVITY_VIEWS, RECORD_VIEWS, views_of_now
from hub.streams.duties.works import DutyWorks

Q = load_sql(__package__)


async def name_of_deputy(conn: Connection, command: Any, _actor: Actor) -> str | None:
    name: str | None = await conn.fetchval(Q["deputy_name"], command.form.person)
    return name


async def deputies_of(conn: Connection, command: Any, _actor: Actor) -> tuple[str, ...]:
    case = await load_case(conn, command.case)
    groups = list(case.facts.groups) if case else []
    return tuple(row["ref"] for row in await conn.fetch(Q["deputies_of"], groups))


async def frozen_years(conn: Connection, _command: Any, _actor: Actor) -> frozenset[int]:
    return frozenset(row["year"] for row in await conn.fetch(Q["frozen_years"]))


SPOKES = (
    stream_spoke(MANDATES, reads={"ElectDeputy": name_of_deputy, "TakeOverDeputy": name_of_deputy}, project=project_mandates, tables=MANDATE_TABLES),
    stream_spoke(ACTIVITIES, reads={"PublishActivity": deputies_of}, commands=COMMANDS, events=TAKING_EVENTS, views=ACTIVITY_VIEWS,
                 project=project_activities, tables=ACTIVITY_TABLES),
    stream_spoke(RECORDS, reads={step.command: frozen_years for step in RECORDS.steps}, commands=scoring.COMMANDS, events=scoring.EVENTS,
                 views=RECORD_VIEWS, project=project_records, tables=RECORD_TABLES),
)


def spoke_of_now(clock: Clock) -> Spoke:
    """What is shown of this very moment."""
    return Spoke(name="duties", views=views_of_now(clock))


def errands(db: Database, desk: Desk, clock: Clock) -> Mapping[str, Errand]:
    return DutyWorks(db, desk, clock).by_kind
