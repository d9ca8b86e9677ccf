"""Who watches: everybody's screen is a room of his own, and who oversees a whole stream shares one.

A change is told to those who may see the case now, by the same rule that lets them ask for it; who
could see it before and no longer can is told that it is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from hub.access.doors import deputy
from hub.access.model import Account, actor_of_account
from hub.cases.shapes import LIVES, Shapes
from hub.kernel.actor import CITY, Actor
from hub.kernel.lifecycle import DESK, Case, Lifecycle, may_see, path_of, refs_of, waits_for
from hub.record import Connection, load_sql
from hub.spoke import Change

Q = load_sql(__package__)
ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A case as it is kept, for telling."""

    shapes: Shapes
    case: Case
    was: tuple[str, ...]


def oversees(life: Lifecycle, actor: Actor) -> bool:
    """Sees every case of the stream, whoever it concerns, but those that are private yet."""
    return CITY in actor.scopes and any(actor.may(permission) for permission in life.oversight)


def seat(life: Lifecycle | None, actor: Actor) -> str:
    return ALL if life is not None and oversees(life, actor) else actor.id


async def accounts(conn: Connection, totp: bool) -> tuple[Actor, ...]:
    """Every account as it would come in now."""
    return tuple(actor_of_account(msgspec.convert(dict(row), Account), totp) for row in await conn.fetch(Q["accounts"]))


def people_in(refs: Iterable[str]) -> tuple[Actor, ...]:
    """Those who come in by a link of their own. A ref that is nobody's watches nothing."""
    found: list[Actor] = []
    for ref in dict.fromkeys(refs):
        if ref.startswith("person:"):
            with suppress(ValueError):
                found.append(deputy(UUID(ref.removeprefix("person:")), ""))
    return tuple(found)


async def placed(conn: Connection, keys: Sequence[str]) -> dict[str, Placed]:
    rows = await conn.fetch(Q["case_bodies"], [UUID(key) for key in keys])
    return {str(row["id"]): Placed(shapes=LIVES[row["stream"]], case=LIVES[row["stream"]].loaded(row["body"], row["version"]), was=tuple(row["was"]))
            for row in rows if row["stream"] in LIVES}


def rooms_of(view: str, one: Placed, seats: Sequence[Actor], *, tail: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(rooms where it is seen, rooms where it is gone)."""
    life = one.shapes.life
    seen, gone = list[str](), list[str]()
    (gone if life.state(one.case.state).private else seen).append(f"{view}/{ALL}{tail}")
    for actor in (*seats, *people_in(one.was)):
        if oversees(life, actor):
            continue
        if may_see(life, one.case, actor):
            seen.append(f"{view}/{actor.id}{tail}")
        elif not refs_of(actor).isdisjoint(one.was):
            gone.append(f"{view}/{actor.id}{tail}")
    return tuple(dict.fromkeys(seen)), tuple(dict.fromkeys(gone))


def changes(key: str, row: Any, rooms: tuple[tuple[str, ...], tuple[str, ...]]) -> list[Change]:
    seen, gone = rooms
    return [Change(key=key, row=row, rooms=seen), *([Change(key=key, row=None, rooms=gone)] if gone else [])]


def turns_of(one: Placed, seats: Sequence[Actor]) -> tuple[list[str], list[str]]:
    """(whose turn it is, whose it was or may have been)."""
    life, case = one.shapes.life, one.case
    wanted = set(() if life.state(case.state).terminal else waits_for(life, case)) | _owing(one)
    seen = [actor.id for actor in (*seats, *people_in(one.was)) if _reached(wanted, path_of(case.facts.scope), actor)]
    gone = [actor.id for actor in (*seats, *people_in(one.was)) if actor.id not in seen and not refs_of(actor).isdisjoint(one.was)]
    return list(dict.fromkeys(seen)), list(dict.fromkeys(gone))


def _owing(one: Placed) -> set[str]:
    owners = {owner for clock in one.case.owed for owner in one.shapes.life.deadline(clock).owner}
    return {ref for owner in owners for ref in one.case.parties.get(owner, (owner,))}


def addressees(ref: str, path: Sequence[str], bare: bool, one: Placed, seats: Sequence[Actor]) -> tuple[list[str], list[str]]:
    """(who is told, from whom it is taken back: a confidential case that is his no longer)."""
    told = [actor for actor in (*seats, *people_in([ref])) if _reached({ref}, path, actor)]
    seen = [actor.id for actor in told if bare or not one.case.facts.confidential or may_see(one.shapes.life, one.case, actor)]
    return list(dict.fromkeys(seen)), [actor.id for actor in told if actor.id not in seen]


def _reached(wanted: set[str], path: Sequence[str], actor: Actor) -> bool:
    """At a desk only those whose scope covers the case."""
    held = wanted & refs_of(actor)
    return any(not ref.startswith(DESK) for ref in held) or (bool(held) and actor.covers(tuple(path)))
