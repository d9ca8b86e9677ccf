"""预约: one deputy's bookings of a year are one stream, so that nobody ever holds more than the rules allow; topics count who comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from hub.cases import load_case, no_case, shapes_of
from hub.cases.rules import rules_for, versions_of
from hub.kernel.actor import CITY, Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.errors import Conflict, Forbidden, Refused
from hub.kernel.lifecycle import Case, may_see, own_ref
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs, load_sql
from hub.spoke import Change, Decides, Decision, Page, Touched, View, Write
from hub.streams.duties import booking_messages as m
from hub.streams.duties.topics import KINDS, TOPICS, Booker, Topic, balanced, fits

Q = load_sql(__package__)
P = Permission
BOOKINGS = "topic_bookings"
TOPICS_OPEN = "duties.topics_open"
TOGETHER = timedelta(minutes=10)
TOPIC_TABLES = ("duties.booking", "duties.booking_year")


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """What one deputy holds in the topic's year. `resting`: the mandate is suspended or has ended."""

    case: Case | None
    year: int = 0
    held: frozenset[UUID] = frozenset()
    version: int = 0
    most: int = 0
    resting: bool = False


async def holding(conn: Connection, command: m.BookTopic | m.UnbookTopic, actor: Actor) -> Holding:
    case, person = await load_case(conn, command.topic), own_ref(actor)
    if case is None or not isinstance(case.facts, Topic):
        return Holding(case=None)
    year = case.facts.year
    rows = await conn.fetch(Q["held_topics"], year, person)
    return Holding(case=case, year=year, held=frozenset(row["topic"] for row in rows), most=await _most(conn, year),
                   version=await conn.fetchval(Q["booking_version"], year, person) or 0, resting=await conn.fetchval(Q["resting"], person))


async def _most(conn: Connection, year: int) -> int:
    """By the rules of the year's end, as its scores are: a deputy's bookings are one year's, under whatever versions its topics were opened."""
    rules: Any = rules_for(shapes_of(TOPICS.name), await versions_of(conn, TOPICS.name), None, date(year, 12, 31))[1]
    return int(rules.most)


def book(known: Holding, command: m.BookTopic, actor: Actor, at: datetime) -> Decision:
    _open(known, at)
    if known.resting:
        raise Forbidden("您的代表职务已暂停或终止，不能预约。", "Your mandate rests or has ended; nothing can be booked.", code="not-in-office")
    if command.topic in known.held:
        raise Conflict("您已经预约这个选题。", "You have booked this topic already.", code="booked")
    if len(known.held) >= known.most:
        raise Conflict(f"每人每年最多预约{known.most}个选题，请先取消一个。", f"At most {known.most} topics a year; give one up first.", code="too-many")
    return _one(known, m.TopicBooked(topic=command.topic, person=own_ref(actor), year=known.year))


def unbook(known: Holding, command: m.UnbookTopic, actor: Actor, at: datetime) -> Decision:
    _open(known, at)
    if command.topic not in known.held:
        raise Conflict("您没有预约这个选题。", "You have not booked this topic.", code="not-booked")
    return _one(known, m.TopicUnbooked(topic=command.topic, person=own_ref(actor), year=known.year))


def _open(known: Holding, at: datetime) -> None:
    if known.case is None:
        raise Refused("没有这个选题，可能已被删除。", "There is no such topic.", code="no-topic", field="topic")
    until = known.case.facts.until
    if known.case.state != "open" or (until and day_of(at) > until):
        raise Conflict("这个选题现在不能预约或取消，请联系代表工委。", "This topic cannot be booked or given up now; ask the deputies' committee.", code="not-open")


def _one(known: Holding, event: m.TopicBooked | m.TopicUnbooked) -> Decision:
    return Decision(writes=(Write(f"booking-{known.year}-{event.person.removeprefix('person:')}", known.version, (event,)),))


# --- rows -----------------------------------------------------------------------------------------


async def project_topics(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for fact in recorded:
        match fact.event:
            case m.TopicBooked() as event:
                await conn.execute(Q["booked"], event.topic, event.person, event.year, fact.pos)
                await conn.execute(Q["save_booking_year"], event.year, event.person, fact.version)
                touched.append((BOOKINGS, str(event.topic)))
            case m.TopicUnbooked() as event:
                await conn.execute(Q["unbooked"], event.topic, event.person)
                await conn.execute(Q["save_booking_year"], event.year, event.person, fact.version)
                touched.append((BOOKINGS, str(event.topic)))
            case _ if type(fact.event).__name__ == "TopicOpened":
                await _opened(conn, fact)
            case _ if type(fact.event).__name__ == "TopicConfirmed":
                topic = UUID(fact.stream.removeprefix(f"{TOPICS.noun}-"))
                await conn.execute(Q["choose"], topic, list(fact.event.parties["chosen"]))
                touched.append((BOOKINGS, str(topic)))
    return touched


async def _opened(conn: Connection, fact: Recorded) -> None:
    """Topics are opened one after the other; deputies hear of all of them together."""
    case = await load_case(conn, UUID(fact.stream.removeprefix(f"{TOPICS.noun}-")))
    if case is not None:
        await Jobs.put(conn, TOPICS_OPEN, str(case.facts.year), fact.at + TOGETHER, [case.facts.year, str(fact.id)])


async def bookers(conn: Connection, topic: UUID) -> tuple[Booker, ...]:
    return tuple(Booker(ref=row["person"], place=row["place"], specialities=tuple(row["specialities"]), held=row["held"])
                 for row in await conn.fetch(Q["bookings"], topic))


async def _rows(conn: Connection, topic: UUID, facts: Topic) -> list[m.BookingRow]:
    proposed = balanced(await bookers(conn, topic), facts.quota, facts.specialities)
    return [m.BookingRow(**dict(row) | {"specialities": tuple(row["specialities"])}, id=f"{topic}/{row['person']}",
                         fits=fits(facts.specialities, row["specialities"]), proposed=row["person"] in proposed)
            for row in await conn.fetch(Q["bookings"], topic)]


def _desk(actor: Actor) -> bool:
    return CITY in actor.scopes and any(actor.may(permission) for permission in TOPICS.oversight)


async def bookings(conn: Connection, params: m.OfTopic, actor: Actor) -> Page:
    """Who works at a desk sees all; a deputy his own."""
    case = await load_case(conn, params.topic)
    if case is None or not isinstance(case.facts, Topic) or not may_see(TOPICS, case, actor):
        raise no_case()
    rows = await _rows(conn, params.topic, case.facts)
    seen = rows if _desk(actor) else [row for row in rows if row.person == own_ref(actor)]
    return Page(seen, len(seen))


async def bookings_again(conn: Connection, keys: Sequence[str]) -> Sequence[Change]:
    """One who gives a topic up moves all others: the whole topic is read again by who watches it (key `*`)."""
    changes: list[Change] = []
    for key in keys:
        rows = [row["person"] for row in await conn.fetch(Q["bookers_ever"], UUID(key))]
        changes.append(Change(key="*", row=None, rooms=(f"{BOOKINGS}/{key}", *(f"{BOOKINGS}/{key}/{person}" for person in rows))))
    return changes


def _room(params: m.OfTopic, actor: Actor) -> str:
    return f"{BOOKINGS}/{params.topic}" if _desk(actor) else f"{BOOKINGS}/{params.topic}/{own_ref(actor)}"


async def topics(conn: Connection, params: m.OfYear, actor: Actor) -> Page:
    """Those that are open to all, of one year, with what the asker holds of them."""
    me = own_ref(actor)
    rows = [dict(row) for row in await conn.fetch(Q["topics_of_year"], params.year, me)]
    most = await _most(conn, params.year)
    held = sum(row["counts"] for row in rows)
    found = [_topic(row, most, max(most - held, 0)) for row in rows]
    return Page(found, len(found))


def _topic(row: dict[str, Any], most: int, left: int) -> m.TopicRow:
    state, kind = TOPICS.state(row["state"]), KINDS.get(row["kind"], (row["kind"], row["kind"]))
    row.pop("counts")
    return m.TopicRow(**row | {"specialities": tuple(row["specialities"])}, kind_zh=kind[0], kind_en=kind[1], state_zh=state.zh, state_en=state.en,
                      most=most, left=left)


BOOKING_COMMANDS = (
    Decides(command=m.BookTopic, permission=P.PROPOSE, decide=book, facts=holding),
    Decides(command=m.UnbookTopic, permission=P.PROPOSE, decide=unbook, facts=holding),
)
BOOKING_VIEWS = (
    View(name=BOOKINGS, params=m.OfTopic, row=m.BookingRow, permission=P.SELF, fetch=bookings, room=_room, reread=bookings_again),
    View(name="year_topics", params=m.OfYear, row=m.TopicRow, permission=P.SELF, fetch=topics),
)
