"""云地图: where the deputies of the city are, and what they do there (S3-J17). Of one's own scope only; suggestions that are not
public are in the figures of the city's clerks alone."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from hub.kernel.actor import CITY, Actor, Permission
from hub.record import Connection, load_sql
from hub.spoke import Page, View
from hub.streams.duties.book import clerk
from hub.streams.duties.scoring_messages import Year

Q = load_sql(__package__)
P = Permission


class SpreadParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Year


class PlaceParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`place`: a district; `city`: deputies who belong to none."""

    year: Year
    place: Annotated[str, Meta(max_length=40)]


class SpreadRow(msgspec.Struct, frozen=True, kw_only=True):
    """A district with its deputies. `lon`, `lat`: amid its stations; None where it has none with a place."""

    id: str
    name: str
    lon: float | None
    lat: float | None
    deputies: int
    active: int
    records: int
    hours: float
    proposals: int


class PlacedDeputy(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    delegation: str
    post: str
    records: int
    hours: float
    proposals: int


def _within(actor: Actor) -> list[str] | None:
    """None: the whole city."""
    return None if CITY in actor.scopes else list(actor.scopes)


async def spread(conn: Connection, params: SpreadParams, actor: Actor) -> Page:
    """`active`: with a counted duty or a suggestion in the year, of `deputies`."""
    rows = [SpreadRow(**dict(row)) for row in await conn.fetch(Q["spread"], params.year, _within(actor), clerk(actor))]
    return Page(rows, len(rows))


async def placed(conn: Connection, params: PlaceParams, actor: Actor) -> Page:
    rows = [PlacedDeputy(**dict(row)) for row in await conn.fetch(Q["placed"], params.year, _within(actor), params.place, clerk(actor))]
    return Page(rows, len(rows))


SPREAD_VIEWS = (
    View(name="deputy_spread", params=SpreadParams, row=SpreadRow, permission=P.DIRECTORY_VIEW, fetch=spread),
    View(name="deputies_placed", params=PlaceParams, row=PlacedDeputy, permission=P.DIRECTORY_VIEW, fetch=placed),
)
