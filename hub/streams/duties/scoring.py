"""Ratings and the freezing of a year: what is decided beside the single records."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hub.cases.rules import valid_on, versions_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.kernel.lifecycle import own_ref
from hub.record import Connection, load_sql
from hub.spoke import Decides, Decision, Write
from hub.streams.duties.figures import rules_of
from hub.streams.duties.records import RECORDS
from hub.streams.duties.scoring_messages import (
    DutyYearFrozen,
    FreezeDutyYear,
    RateDuties,
    Rater,
    ScoreRated,
)

Q = load_sql(__package__)
P = Permission
ANY = -1


class KnownRating(msgspec.Struct, frozen=True):
    name: str | None
    frozen: bool
    items: frozenset[str]


class KnownYear(msgspec.Struct, frozen=True):
    frozen: bool
    version: int


async def _rating(conn: Connection, command: RateDuties, _actor: Actor) -> KnownRating:
    rules, _ = await rules_of(conn, command.year)
    return KnownRating(await conn.fetchval(Q["deputy_name"], command.person), bool(await conn.fetchval(Q["year_frozen"], command.year)),
                       frozenset(item.code for item in rules.items))


async def _year(conn: Connection, command: FreezeDutyYear, _actor: Actor) -> KnownYear:
    now = valid_on(await versions_of(conn, RECORDS.name), day_of(datetime.fromisoformat(f"{command.year}-12-31T12:00:00+08:00")))
    return KnownYear(bool(await conn.fetchval(Q["year_frozen"], command.year)), now.version if now else 0)


def rate(known: KnownRating, command: RateDuties, actor: Actor, at: datetime) -> Decision:
    if known.name is None:
        raise NotFound("名册里没有这位代表。", "There is no such deputy.", field="person")
    _may_rate(command, actor)
    if known.frozen:
        raise Conflict(f"{command.year}年度已经封存，不能再评。", f"{command.year} is frozen.", code="frozen")
    if command.year > day_of(at).year:
        raise Refused("还没有到这一年。", "That year has not come yet.", field="year")
    if set(command.points) != set(known.items):
        raise Refused("请给每一项都打分，不多也不少。", "Give points for each item, and for no other.", field="points")
    person = f"person:{command.person}"
    event = ScoreRated(year=command.year, person=person, rater=command.rater, points=command.points)
    return Decision(writes=(Write(f"duty-rating-{command.year}-{command.person}", ANY, (event,)),))


def _may_rate(command: RateDuties, actor: Actor) -> None:
    own = own_ref(actor) == f"person:{command.person}"
    if command.rater is Rater.SELF and own:
        return
    if command.rater is not Rater.SELF and actor.may(P.INTAKE):
        return
    raise Forbidden("自评由代表本人填写，其他评价由代表工委录入。",
                    "A deputy rates himself; the others' ratings are entered by the deputies' committee.", code="not-yours")


def freeze(known: KnownYear, command: FreezeDutyYear, _actor: Actor, at: datetime) -> Decision:
    if known.frozen:
        raise Conflict(f"{command.year}年度已经封存。", f"{command.year} is frozen already.", code="frozen")
    if command.year >= day_of(at).year:
        raise Refused(f"{command.year}年还没有结束，明年起才能封存。", f"{command.year} is not over; freeze it next year.", field="year")
    return Decision(writes=(Write(f"duty-year-{command.year}", ANY, (DutyYearFrozen(year=command.year, version=known.version),)),))


COMMANDS = (
    Decides(command=RateDuties, permission=P.SELF, decide=rate, facts=_rating),
    Decides(command=FreezeDutyYear, permission=P.INTAKE, decide=freeze, facts=_year),
)
EVENTS = (ScoreRated, DutyYearFrozen)
