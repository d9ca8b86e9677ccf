"""Duties (履职) as spokes: deputies in office, activities, records with their scores and appeals, topics of the year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.cases import load_case, stream_spoke
from hub.desk import Desk
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.kernel.lifecycle import own_ref
from hub.record import Connection, Database, Errand, load_sql
from hub.spoke import Spoke
from hub.streams.duties import scoring, takeover
from hub.streams.duties.activities import ACTIVITIES
from hub.streams.duties.appeals import APPEALS, KnownAppeals
from hub.streams.duties.booking import (
    BOOKING_COMMANDS,
    BOOKING_VIEWS,
    TOPIC_TABLES,
    bookers,
    project_topics,
)
from hub.streams.duties.booking_messages import BOOKING_EVENTS
from hub.streams.duties.joining import COMMANDS
from hub.streams.duties.mandates import MANDATES, Known
from hub.streams.duties.messages import TAKING_EVENTS
from hub.streams.duties.projection import (
    ACTIVITY_TABLES,
    APPEAL_TABLES,
    MANDATE_TABLES,
    RECORD_TABLES,
    project_activities,
    project_appeals,
    project_mandates,
    project_records,
)
from hub.streams.duties.records import RECORDS, Standing
from hub.streams.duties.topics import TOPICS, Booker, Topic
from hub.streams.duties.views import ACTIVITY_VIEWS, RECORD_VIEWS, views_of_now
from hub.streams.duties.works import DutyWorks, TermEnds

Q = load_sql(__package__)


async def elected(conn: Connection, command: Any, _actor: Actor) -> Known:
    person, name = command.form.person, await conn.fetchval(Q["deputy_name"], command.form.person)
    return Known(name=name or "", there=await conn.fetchval(Q["mandate_of"], str(person), command.form.term))


async def frozen_years(conn: Connection, _command: Any, _actor: Actor) -> Known:
    return Known(frozen=frozenset(row["year"] for row in await conn.fetch(Q["frozen_years"])))


async def deputies_of(conn: Connection, command: Any, _actor: Actor) -> tuple[str, ...]:
    """Of the delegations, of who was chosen for its topic; of all where neither is said."""
    case = await load_case(conn, command.case)
    groups, topic = (list(case.facts.groups), case.facts.of_topic) if case else ([], None)
    chosen = await conn.fetch(Q["chosen_of"], topic) if topic else []
    called = await conn.fetch(Q["deputies_of"], groups) if groups or not topic else []
    return tuple(dict.fromkeys(row["ref"] for row in (*chosen, *called)))


async def topic_there(conn: Connection, command: Any, _actor: Actor) -> bool:
    topic = await load_case(conn, command.form.of_topic) if command.form.of_topic else None
    return command.form.of_topic is None or (topic is not None and isinstance(topic.facts, Topic) and topic.state == "confirmed")


async def years(conn: Connection, _command: Any, actor: Actor) -> Standing:
    frozen = frozenset(row["year"] for row in await conn.fetch(Q["frozen_years"]))
    return Standing(frozen=frozen, resting=await conn.fetchval(Q["resting"], own_ref(actor)))


async def appeals_of(conn: Connection, command: Any, actor: Actor) -> KnownAppeals:
    year = getattr(command.form, "year", 0)
    frozen = frozenset(row["year"] for row in await conn.fetch(Q["frozen_years"]))
    return KnownAppeals(frozen=frozen, pending=await conn.fetchval(Q["open_appeal"], year, own_ref(actor)))


async def bookers_of(conn: Connection, command: Any, _actor: Actor) -> tuple[Booker, ...]:
    return await bookers(conn, command.case)


SPOKES = (
    stream_spoke(MANDATES, reads={"ElectDeputy": elected, "TakeOverDeputy": elected, "RecordAbsence": frozen_years},
                 commands=takeover.COMMANDS, project=project_mandates, tables=MANDATE_TABLES),
    stream_spoke(ACTIVITIES, reads={"PublishActivity": deputies_of, "DraftActivity": topic_there, "ReviseActivity": topic_there}, commands=COMMANDS, events=TAKING_EVENTS, views=ACTIVITY_VIEWS,
                 project=project_activities, tables=ACTIVITY_TABLES),
    stream_spoke(RECORDS, reads={step.command: years for step in RECORDS.steps}, commands=scoring.COMMANDS, events=scoring.EVENTS,
                 views=RECORD_VIEWS, project=project_records, tables=RECORD_TABLES),
    stream_spoke(APPEALS, reads={step.command: appeals_of for step in APPEALS.steps}, project=project_appeals, tables=APPEAL_TABLES),
    stream_spoke(TOPICS, reads={"ConfirmTopic": bookers_of}, commands=BOOKING_COMMANDS, events=BOOKING_EVENTS, views=BOOKING_VIEWS,
                 project=project_topics, tables=TOPIC_TABLES),
)


def spoke_of_now(clock: Clock) -> Spoke:
    """What is shown of this very moment."""
    return Spoke(name="duties", views=views_of_now(clock))


def errands(db: Database, desk: Desk, clock: Clock, term_ends: TermEnds) -> Mapping[str, Errand]:
    return DutyWorks(db, desk, clock, term_ends).by_kind
