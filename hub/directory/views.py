"""What the directory shows. Every query is limited to the actor's scopes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hub.directory.facts import SQL, build
from hub.directory.messages.params import (
    NoParams,
    OfGroup,
    OfPerson,
    OnDutyParams,
    PeopleParams,
    RostersParams,
)
from hub.directory.messages.rows import (
    GroupRow,
    MemberRow,
    OrganisationRow,
    OutlineRow,
    PersonCard,
    PersonRow,
    RosterRow,
    TagRow,
)
from hub.directory.people_phone import masked
from hub.kernel.actor import SYSTEM, Actor, Permission
from hub.kernel.errors import NotFound
from hub.record import Connection
from hub.spoke import Change, Page, View

LOOK = Permission.DIRECTORY_VIEW


def edits(actor: Actor) -> bool:
    return actor.may(Permission.DIRECTORY_EDIT)


def _phone(number: str, actor: Actor) -> str:
    return number if edits(actor) else masked(number)


def _digits(text: str, actor: Actor) -> str:
    """The end of a phone number to search for. Who sees masked numbers may search what is shown
    of them, so that nobody finds out the rest by trying."""
    digits = re.sub(r"[\s\-+]", "", text)
    if not digits.isdecimal() or len(digits) < 4:
        return ""
    return digits if edits(actor) or len(digits) == 4 else ""


async def organisations(conn: Connection, params: NoParams, actor: Actor) -> Page:
    rows = await conn.fetch(SQL["organisations"], list(actor.scopes), None)
    return Page([build(OrganisationRow, row) for row in rows], len(rows))


def organisations_room(params: NoParams, actor: Actor) -> str:
    return f"organisations/{'+'.join(sorted(actor.scopes))}"


async def organisations_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    """Told to one room per scope. Who holds several scopes watches a room of their own."""
    rows = await conn.fetch(SQL["organisations"], list(SYSTEM.scopes), list(keys))
    several = [row["scopes"] for row in await conn.fetch(SQL["scope_sets"])]
    found = [build(OrganisationRow, row) for row in rows]
    return [Change(key=row.id, row=row, rooms=_rooms(row.path, several)) for row in found]


def _rooms(path: Sequence[str], several: Sequence[Sequence[str]]) -> tuple[str, ...]:
    sets = [[scope] for scope in path] + [list(scopes) for scopes in several if set(scopes) & set(path)]
    return tuple(f"organisations/{'+'.join(sorted(scopes))}" for scopes in sets)


async def people(conn: Connection, params: PeopleParams, actor: Actor) -> Page:
    text = " ".join(params.text.split())
    rows = await conn.fetch(
        SQL["people"], list(actor.scopes), text, _digits(text, actor), list(params.org),
        list(params.kind), list(params.tag), params.group, params.road, params.active,
        params.limit, params.offset,
    )
    return _page(rows, lambda row: _person(PersonRow, row, actor))


def _page(rows: Sequence[Any], one: Any) -> Page:
    """The query gives the total on every row, and one empty row where the page has none."""
    return Page([one(row) for row in rows if row["id"] is not None], rows[0]["total"])


def _person(shape: type[Any], row: Any, actor: Actor) -> Any:
    columns = dict(row)
    openid = columns["openid"]
    return build(shape, columns | {
        "phone": _phone(columns["phone"], actor),
        "has_openid": bool(openid),
        "openid": bool(openid) if shape is PersonRow else openid if edits(actor) else "",
        "groups": [tuple(group) for group in columns.get("groups") or ()],
    })


async def person(conn: Connection, params: OfPerson, actor: Actor) -> Page:
    row = await conn.fetchrow(SQL["person_card"], list(actor.scopes), params.person)
    if row is None:
        raise NotFound("没有这个人，或不在您的管理范围内。", "There is no such person, or not in your area.")
    return Page([_person(PersonCard, row, actor)], 1)


async def groups(conn: Connection, params: NoParams, actor: Actor) -> Page:
    rows = await conn.fetch(SQL["groups"], list(actor.scopes))
    return Page([build(GroupRow, row) for row in rows], len(rows))


async def group_members(conn: Connection, params: OfGroup, actor: Actor) -> Page:
    rows = await conn.fetch(
        SQL["group_members"], list(actor.scopes), params.group, params.limit, params.offset,
    )
    return _page(rows, lambda row: build(MemberRow, row))


def _duty(row: Any, actor: Actor) -> RosterRow:
    columns = dict(row)
    return build(RosterRow, columns | {
        field: _phone(columns[field], actor) for field in ("phone", "backup_phone")
    })


async def rosters(conn: Connection, params: RostersParams, actor: Actor) -> Page:
    rows = await conn.fetch(SQL["rosters"], list(actor.scopes), params.org, params.first, params.last)
    return Page([_duty(row, actor) for row in rows], len(rows))


async def on_duty(conn: Connection, params: OnDutyParams, actor: Actor) -> Page:
    rows = await conn.fetch(SQL["on_duty"], list(actor.scopes), params.org, params.at)
    return Page([_duty(row, actor) for row in rows], len(rows))


async def tags(conn: Connection, params: NoParams, actor: Actor) -> Page:
    rows = await conn.fetch(SQL["tags"], list(actor.scopes))
    return Page([build(TagRow, row) for row in rows], len(rows))


async def outlines(conn: Connection, params: NoParams, actor: Actor) -> Page:
    """The map under the stations: the same for everybody who may look."""
    rows = await conn.fetch(SQL["outlines"])
    return Page([build(OutlineRow, row) for row in rows], len(rows))


VIEWS = (
    View(name="organisations", params=NoParams, row=OrganisationRow, permission=LOOK, fetch=organisations,
         room=organisations_room, reread=organisations_again),
    View(name="people", params=PeopleParams, row=PersonRow, permission=LOOK, fetch=people),
    View(name="person", params=OfPerson, row=PersonCard, permission=LOOK, fetch=person),
    View(name="groups", params=NoParams, row=GroupRow, permission=LOOK, fetch=groups),
    View(name="group_members", params=OfGroup, row=MemberRow, permission=LOOK, fetch=group_members),
    View(name="rosters", params=RostersParams, row=RosterRow, permission=LOOK, fetch=rosters),
    View(name="on_duty", params=OnDutyParams, row=RosterRow, permission=LOOK, fetch=on_duty),
    View(name="tags", params=NoParams, row=TagRow, permission=LOOK, fetch=tags),
    View(name="outlines", params=NoParams, row=OutlineRow, permission=LOOK, fetch=outlines),
)
