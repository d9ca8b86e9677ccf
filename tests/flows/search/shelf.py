"""Documents on a real database, and who looks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hub.kernel.actor import Actor, Permission, Role
from hub.kernel.clock import SetClock
from hub.kernel.ids import derived
from hub.record import Connection
from hub.search import Document, index
from hub.search.messages import SearchParams, SearchRow
from hub.search.views import search

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CLOCK = SetClock(NOON)

LI, WANG = "person:li", "person:wang"
DEPUTY = Actor(id=LI, name="李代表", roles=(Role.DEPUTY,), scopes=(LI,))
OTHER_DEPUTY = Actor(id=WANG, name="王代表", roles=(Role.DEPUTY,), scopes=(WANG,))
UNIT = Actor(id="account:dept", name="住建局", roles=(Role.HANDLER,), scopes=("department:5",))
INTAKE = Actor(id="account:intake", name="代表工委", roles=(Role.INTAKE,), scopes=("city",))
DISTRICT_INTAKE = Actor(id="account:d3", name="三区工委", roles=(Role.INTAKE,), scopes=("district:3",))


def of(name: str) -> UUID:
    return derived("test document", name)


def document(name: str, *paragraphs: str, days: int = 0, **given: Any) -> Document:
    """About `name`; for the desk of intake where nothing else is given."""
    plain: dict[str, Any] = {"kind": "case", "stream": "proposals", "desks": (Permission.INTAKE,), "url": f"/cases/{name}"}
    return Document(id=of(name), title=name, paragraphs=paragraphs, at=NOON - timedelta(days=days), **plain | given)


async def put(conn: Connection, *documents: Document) -> None:
    for one in documents:
        await index(conn, one)


async def find(conn: Connection, asked: str, actor: Actor = INTAKE, **params: Any) -> Sequence[SearchRow]:
    return (await search(conn, SearchParams(q=asked, **params), actor, clock=CLOCK)).rows


async def titles(conn: Connection, asked: str, actor: Actor = INTAKE, **params: Any) -> list[str]:
    return [row.title for row in await find(conn, asked, actor, **params)]
