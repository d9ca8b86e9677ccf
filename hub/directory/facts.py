"""Rows read as facts for the rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from hub.directory.groups import GroupFacts, RosterFacts
from hub.directory.messages.commands import (
    BindOpenId,
    ClearAddress,
    CreateOrganisation,
    RemoveGroup,
    RemovePerson,
    RemoveRoster,
    SaveGroup,
    SaveOrganisation,
    SavePerson,
    SaveRoster,
    SpoilAddress,
)
from hub.directory.model import GroupFact, OrgFact, PersonFact, RosterFact
from hub.directory.organisations import OrganisationFacts, PlaceFacts
from hub.directory.people import PersonFacts, own_code
from hub.kernel.actor import Actor
from hub.record import Connection, load_sql

SQL = load_sql(__package__)
T = TypeVar("T")
MISSING = object()


def build(shape: type[T], record: Any) -> T:
    """A struct from the columns that it has fields for; arrays become tuples."""
    fields: tuple[str, ...] = shape.__struct_fields__  # type: ignore[attr-defined]
    return shape(**{
        name: tuple(value) if isinstance(value, list) else value
        for name in fields if (value := record.get(name, MISSING)) is not MISSING
    })


async def organisations(conn: Connection, ids: Iterable[str] | None) -> dict[str, OrgFact]:
    wanted = None if ids is None else list(ids)
    rows = await conn.fetch(SQL["org_facts"], wanted)
    return {row["id"]: build(OrgFact, row) for row in rows}


async def people(conn: Connection, ids: Iterable[UUID] | None) -> dict[UUID, PersonFact]:
    wanted = None if ids is None else list(ids)
    rows = await conn.fetch(SQL["person_facts"], wanted)
    return {row["id"]: build(PersonFact, row) for row in rows}


async def groups(conn: Connection, ids: Iterable[UUID] | None) -> dict[UUID, GroupFact]:
    wanted = None if ids is None else list(ids)
    rows = await conn.fetch(SQL["group_facts"], wanted)
    return {row["id"]: build(GroupFact, row) for row in rows}


async def for_organisation(conn: Connection, wish: SaveOrganisation, actor: Actor) -> OrganisationFacts:
    known = await organisations(conn, [wish.organisation, *([wish.parent] if wish.parent else [])])
    return OrganisationFacts(known.get(wish.organisation), known.get(wish.parent) if wish.parent else None)


async def for_new_organisation(conn: Connection, wish: CreateOrganisation, actor: Actor) -> PlaceFacts:
    number = wish.number if wish.number is not None else await conn.fetchval(SQL["next_number"], wish.kind)
    return PlaceFacts(
        parent=(await organisations(conn, [wish.parent])).get(wish.parent),
        number=number,
        # who makes one at the same moment may take the next free number between these two questions: the journal tells them apart
        holder="" if wish.number is None else await conn.fetchval(SQL["organisation_name"], f"{wish.kind}:{number}") or "",
        namesake=await conn.fetchval(SQL["namesake"], wish.kind, wish.parent, " ".join(wish.name.split())) or "",
    )


async def for_person(conn: Connection, wish: SavePerson, actor: Actor) -> PersonFacts:
    code = " ".join(wish.code.split()) or own_code(wish.person)
    return PersonFacts(
        person=(await people(conn, [wish.person])).get(wish.person),
        org=(await organisations(conn, [wish.org])).get(wish.org),
        code_of=await conn.fetchval(SQL["code_holder"], code, wish.person) or "",
        openid_of=await conn.fetchval(SQL["openid_holder"], wish.openid, wish.person) or "",
    )


async def for_binding(conn: Connection, wish: BindOpenId, actor: Actor) -> PersonFacts:
    return PersonFacts(
        person=(await people(conn, [wish.person])).get(wish.person),
        openid_of=await conn.fetchval(SQL["openid_holder"], wish.openid, wish.person) or "",
    )


async def for_known_person(
    conn: Connection, wish: RemovePerson | SpoilAddress | ClearAddress, actor: Actor,
) -> PersonFacts:
    return PersonFacts(person=(await people(conn, [wish.person])).get(wish.person))


async def for_group(conn: Connection, wish: SaveGroup, actor: Actor) -> GroupFacts:
    strangers = await conn.fetch(SQL["strangers"], list(wish.members), list(actor.scopes), wish.group)
    return GroupFacts(
        group=(await groups(conn, [wish.group])).get(wish.group),
        scope=(await organisations(conn, [wish.scope])).get(wish.scope),
        name_taken=await conn.fetchval(SQL["group_named"], " ".join(wish.name.split()), wish.group),
        strangers=tuple(row["ref"] for row in strangers),
    )


async def for_known_group(conn: Connection, wish: RemoveGroup, actor: Actor) -> GroupFacts:
    return GroupFacts(group=(await groups(conn, [wish.group])).get(wish.group))


async def for_roster(conn: Connection, wish: SaveRoster, actor: Actor) -> RosterFacts:
    named = [person for person in (wish.person, wish.backup) if person]
    rows = await conn.fetch(SQL["active_people"], named)
    return RosterFacts(
        roster=await _roster(conn, wish.roster),
        org=(await organisations(conn, [wish.org])).get(wish.org),
        people=frozenset(row["id"] for row in rows),
    )


async def for_known_roster(conn: Connection, wish: RemoveRoster, actor: Actor) -> RosterFacts:
    return RosterFacts(roster=await _roster(conn, wish.roster))


async def _roster(conn: Connection, roster: UUID) -> RosterFact | None:
    row = await conn.fetchrow(SQL["roster_fact"], roster)
    return build(RosterFact, row) if row else None
