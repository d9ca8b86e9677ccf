"""Who acts in the stories of a demo city, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from hub.cases.calendars import calendar_of
from hub.kernel.actor import Actor, Role
from hub.kernel.calendar import Calendar
from hub.kernel.ids import derived
from hub.record import Connection, load_sql

Q = load_sql(__package__, "demo.sql")


def desk(login: str, name: str, role: Role) -> Actor:
    return Actor(id=f"account:{derived('account', login)}", name=name, roles=(role,), scopes=("city",))


INTAKE = desk("intake", "代表工委", Role.INTAKE)
OFFICE = desk("govoffice", "市政府办公室", Role.ASSIGNER)
COMMITTEE = desk("committee", "主任会议", Role.COMMITTEE)
LEGISLATOR = desk("legislation", "法工委", Role.LEGISLATOR)


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """A deputy as the directory knows him."""

    ref: str
    code: str
    name: str
    org: str
    delegation: str = ""
    district: str = ""
    post: str = ""
    term: str = ""
    tags: tuple[str, ...] = ()

    @property
    def actor(self) -> Actor:
        return Actor(id=self.ref, name=self.name, roles=(Role.DEPUTY,), scopes=(self.ref,))


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A station of the deputies. `scope`: of what lies near it."""

    id: str
    name: str
    short: str
    address: str
    lon: float
    lat: float
    district: str
    scope: str = "city"


@dataclass(frozen=True)
class Town:
    """`handlers`, `heads`: by unit."""

    residents: tuple[Resident, ...]
    stations: tuple[Place, ...]
    units: dict[str, str]
    handlers: dict[str, Actor]
    heads: dict[str, Actor]
    calendar: Calendar
    now: datetime

    @cached_property
    def deputies(self) -> tuple[Actor, ...]:
        return tuple(one.actor for one in self.residents)


async def town_of(conn: Connection, at: datetime) -> Town:
    workers = await conn.fetch(Q["workers"])
    return Town(
        residents=tuple(msgspec.convert(dict(row), Resident) for row in await conn.fetch(Q["deputies"])),
        stations=tuple(Place(**dict(row)) for row in await conn.fetch(Q["stations"])),
        units={row["id"]: row["name"] for row in await conn.fetch(Q["units"])},
        handlers=_at_work(workers, "handler", Role.HANDLER), heads=_at_work(workers, "attendee", Role.HEAD),
        calendar=await calendar_of(conn), now=at)


def _at_work(workers: Sequence[Any], kind: str, role: Role) -> dict[str, Actor]:
    """The first of each unit."""
    return {row["org"]: Actor(id=row["ref"], name=row["name"], roles=(role,), scopes=(row["org"],)) for row in reversed(workers) if row["kind"] == kind}
