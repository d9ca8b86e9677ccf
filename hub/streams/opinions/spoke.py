"""Opinions (民意) as a spoke."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.cases import case_and_stream, stream_spoke
from hub.desk import Desk
from hub.kernel.actor import CITY, Actor, Permission
from hub.kernel.clock import Clock
from hub.kernel.lifecycle import may_see, own_ref
from hub.record import Connection, Database, Errand, load_sql
from hub.spoke import Spoke
from hub.streams.opinions.guards import Landing, Other
from hub.streams.opinions.model import OPINIONS
from hub.streams.opinions.projection import TABLES, project
from hub.streams.opinions.views import VIEWS, views_of_now
from hub.streams.opinions.works import OpinionWorks

Q = load_sql(__package__)
PERSON = "person:"


async def told(conn: Connection, command: Any, _actor: Actor) -> Landing:
    """The station or the deputy whose code was scanned; without one the city."""
    ref = command.form.to
    return Landing(scope=await scope_of(conn, ref or CITY), deputy=ref if ref.startswith(PERSON) else "")


async def heard(conn: Connection, command: Any, actor: Actor) -> Landing:
    """Where the station is that was named, else where the asker is."""
    form = command.form
    deputy = f"{PERSON}{form.deputy}" if form.deputy else ""
    if not actor.may(Permission.INTAKE):
        own = own_ref(actor)
        return Landing(scope=await scope_of(conn, form.station or own), deputy=own)
    if deputy and not await scope_of(conn, deputy):
        return Landing(scope="")
    return Landing(scope=await scope_of(conn, form.station or next(iter(actor.scopes), CITY)), deputy=deputy)


async def where_to(conn: Connection, command: Any, _actor: Actor) -> Landing:
    form = command.form
    return Landing(scope=await scope_of(conn, form.station or form.district or CITY))


async def other(conn: Connection, command: Any, actor: Actor) -> Other:
    found = await case_and_stream(conn, command.form.into)
    known = found is not None and found[1].life.name == OPINIONS.name and may_see(OPINIONS, found[0], actor)
    return Other(state=found[0].state if found and known else "")


async def units(conn: Connection, command: Any, _actor: Actor) -> frozenset[str]:
    """In use, with the deputy that is named."""
    deputy = f"{PERSON}{command.form.deputy}" if command.form.deputy else ""
    there = {deputy} if deputy and await scope_of(conn, deputy) else set[str]()
    return frozenset((*(row["id"] for row in await conn.fetch(Q["units"])), *there))


async def scope_of(conn: Connection, ref: str) -> str:
    """Of a place or a deputy, as a path below the city; empty: there is none."""
    if ref == CITY:
        return CITY
    path = await conn.fetchval(Q["place"], ref)
    return "" if path is None else "/".join(one for one in path if one != CITY and not one.startswith(PERSON)) or CITY


SPOKE = stream_spoke(OPINIONS, reads={"TellOpinion": told, "RecordOpinion": heard, "MoveOpinion": where_to, "MergeOpinion": other, "AssignOpinion": units},
                     views=VIEWS, project=project, tables=TABLES)


def spoke_of_now(clock: Clock) -> Spoke:
    """Figures under the rules of the day."""
    return Spoke(name="opinions now", views=views_of_now(clock))


def errands(db: Database, desk: Desk) -> Mapping[str, Errand]:
    return OpinionWorks(db, desk).by_kind
