"""Ratings and the freezing of a year: what is decided beside the single records."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hub.kernel.actor import CITY, Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.kernel.lifecycle import own_ref
from hub.record import Connection, load_sql
from hub.spoke import Decides, Decision, Write
from hub.streams.duties.figures import rules_of
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
    """`unsettled`: records to be reviewed or disputed, and appeals without an answer."""

    frozen: bool
    version: int
    unsettled: int


async def _rating(conn: Connection, command: RateDuties, _actor: Actor) -> KnownRating:
    rules, _ = await rules_of(conn, command.year)
    return KnownRating(await conn.fetchval(Q["deputy_name"], command.person), bool(await conn.fetchval(Q["year_frozen"], command.year)),
                       frozenset(item.code for item in rules.items))


async def _year(conn: Connection, command: FreezeDutyYear, _actor: Actor) -> KnownYear:
    _, version = await rules_of(conn, command.year)
    return KnownYear(bool(await conn.fetchval(Q["year_frozen"], command.year)), version, await conn.fetchval(Q["unsettled"], command.year))


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
    if command.rater is not Rater.SELF and actor.may(P.INTAKE) and CITY in actor.scopes:
        return
    raise Forbidden("自评由代表本人填写，其他评价由代表工委录入。",
                    "A deputy rates himself; the others' ratings are entered by the deputies' committee.", code="not-yours")


def freeze(known: KnownYear, command: FreezeDutyYear, _actor: Actor, at: datetime) -> Decision:
    if known.frozen:
        raise Conflict(f"{command.year}年度已经封存。", f"{command.year} is frozen already.", code="frozen")
    if command.year >= day_of(at).year:
        raise Refused(f"{command.year}年还没有结束，明年起才能封存。", f"{command.year} is not over; freeze it next year.", field="year")
    if known.unsettled:
        raise Conflict(f"{command.year}年度还有{known.unsettled}件待审核、有异议的记录或未答复的申诉，办完后再封存。",
                       f"{known.unsettled} records or appeals of {command.year} are not settled; settle them, then freeze.", code="unsettled")
    return Decision(writes=(Write(f"duty-year-{command.year}", ANY, (DutyYearFrozen(year=command.year, version=known.version),)),))


COMMANDS = (
    Decides(command=RateDuties, permission=P.SELF, decide=rate, facts=_rating),
    Decides(command=FreezeDutyYear, permission=P.INTAKE, decide=freeze, facts=_year),
)
EVENTS = (ScoreRated, DutyYearFrozen)
