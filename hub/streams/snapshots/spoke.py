"""Snapshots (随手拍) as a spoke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from hub.cases import stream_spoke
from hub.desk import Desk
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.kernel.lifecycle import own_ref
from hub.record import Connection, Database, Errand, load_sql
from hub.spoke import Spoke
from hub.streams.snapshots.model import PURPOSE, SNAPSHOTS, Landing
from hub.streams.snapshots.projection import TABLES, project
from hub.streams.snapshots.views import VIEWS, views_of_now
from hub.streams.snapshots.works import SnapshotWorks

Q = load_sql(__package__)
DISTRICT = "district:"


async def landing(conn: Connection, command: Any, actor: Actor) -> Landing:
    """The district of the nearest station, where the place is known; otherwise the deputy's."""
    form = command.form
    near = await conn.fetchval(Q["nearest_district"], form.lon, form.lat) if form.lon is not None and form.lat is not None else None
    return Landing(scope=_district(near or await conn.fetchval(Q["own_district"], own_ref(actor))))


async def strange_pieces(conn: Connection, command: Any, _actor: Actor) -> tuple[UUID, ...]:
    return tuple(row["file"] for row in await conn.fetch(Q["strange_pieces"], list(command.form.files), PURPOSE))


async def units(conn: Connection, _command: Any, _actor: Actor) -> frozenset[str]:
    return frozenset(row["id"] for row in await conn.fetch(Q["units"]))


def _district(path: Sequence[str] | None) -> str:
    return next((one for one in path or () if one.startswith(DISTRICT)), "city")


SPOKE = stream_spoke(SNAPSHOTS, reads={"AnnounceSnapshot": landing, "SendSnapshot": strange_pieces, "PassOnSnapshot": units}, views=VIEWS, project=project,
                     tables=TABLES)


def spoke_of_now(clock: Clock) -> Spoke:
    """Figures under the rules of the day."""
    return Spoke(name="snapshots now", views=views_of_now(clock))


def errands(db: Database, desk: Desk) -> Mapping[str, Errand]:
    return SnapshotWorks(db, desk).by_kind
