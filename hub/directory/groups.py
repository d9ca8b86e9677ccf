"""The rules for groups and duty rosters. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hub.directory.messages.commands import RemoveGroup, RemoveRoster, Saved, SaveGroup, SaveRoster
from hub.directory.messages.events import GroupRemoved, GroupSaved, RosterRemoved, RosterSaved
from hub.directory.model import (
    GroupFact,
    OrgFact,
    RosterFact,
    as_seen,
    clean,
    distinct,
    existing,
    found,
    within,
)
from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict, NotFound, Refused
from hub.kernel.messages import Event
from hub.spoke import Decision, Write

LONGEST_DUTY = timedelta(days=7)


class GroupFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`strangers`: wished members that do not exist, or lie outside what the actor may see."""

    group: GroupFact | None
    scope: OrgFact | None = None
    name_taken: bool = False
    strangers: tuple[str, ...] = ()


class RosterFacts(msgspec.Struct, frozen=True, kw_only=True):
    roster: RosterFact | None
    org: OrgFact | None = None
    people: frozenset[UUID] = frozenset()
    """Which of the wished people exist and are active."""


def group_stream(group: UUID) -> str:
    return f"group-{group}"


def group_saved(wish: SaveGroup) -> GroupSaved:
    return GroupSaved(
        id=wish.group, name=clean(wish.name, "name"), kind=clean(wish.kind, "kind"), scope=wish.scope,
        note=clean(wish.note, "note"), members=distinct(sorted(wish.members)),
    )


def _recorded(stream: str, id: UUID, version: int, event: Event | None) -> Decision:
    writes = (Write(stream, version, (event,)),) if event else ()
    return Decision(writes=writes, result=Saved(str(id), version + len(writes)))


def save_group(facts: GroupFacts, wish: SaveGroup, actor: Actor, at: datetime) -> Decision:
    fact = facts.group
    version = fact.version if fact else 0
    as_seen(wish.version, version)
    scope = existing(facts.scope, wish.scope, "scope")
    within(actor, scope.path, scope.name)
    if fact:
        within(actor, fact.path, fact.name)
    if facts.name_taken:
        raise Conflict(f"已经有名为“{wish.name}”的分组，请换一个名称。",
                       f"There is already a group called {wish.name!r}; choose another name.",
                       code="name-taken", field="name")
    if facts.strangers:
        raise NotFound(f"有 {len(facts.strangers)} 个成员不存在或不在您的范围内，请重新选择。",
                       f"{len(facts.strangers)} members do not exist or are outside your area; choose again.",
                       code="unknown-member", field="members")
    event = group_saved(wish)
    same = fact and all(getattr(fact, field) == getattr(event, field) for field in event.__struct_fields__)
    return _recorded(group_stream(wish.group), wish.group, version, None if same else event)


def remove_group(facts: GroupFacts, wish: RemoveGroup, actor: Actor, at: datetime) -> Decision:
    fact: GroupFact = found(facts.group, "个分组", "group")
    as_seen(wish.version, fact.version)
    within(actor, fact.path, fact.name)
    return _recorded(group_stream(fact.id), fact.id, fact.version, GroupRemoved(id=fact.id))


def save_roster(facts: RosterFacts, wish: SaveRoster, actor: Actor, at: datetime) -> Decision:
    fact = facts.roster
    version = fact.version if fact else 0
    as_seen(wish.version, version)
    org = existing(facts.org, wish.org, "org")
    within(actor, org.path, org.name)
    if fact:
        within(actor, fact.path, fact.org)
    _hours(wish)
    _known(facts, wish)
    return _recorded(f"roster-{wish.roster}", wish.roster, version, RosterSaved(
        id=wish.roster, org=wish.org, day=wish.day, starts=wish.starts, ends=wish.ends,
        person=wish.person, duty=clean(wish.duty, "duty"), backup=wish.backup,
    ))


def remove_roster(facts: RosterFacts, wish: RemoveRoster, actor: Actor, at: datetime) -> Decision:
    fact: RosterFact = found(facts.roster, "个班次", "duty")
    as_seen(wish.version, fact.version)
    within(actor, fact.path, fact.org)
    return _recorded(f"roster-{fact.id}", fact.id, fact.version, RosterRemoved(id=fact.id))


def _hours(wish: SaveRoster) -> None:
    if wish.starts.tzinfo is None or wish.ends.tzinfo is None:
        raise Refused("时间缺少时区，请用带时区的时间。", "The time lacks its zone; send it with one.",
                      code="no-zone", field="starts")
    if not timedelta() < wish.ends - wish.starts <= LONGEST_DUTY:
        raise Refused("班次的结束时间应晚于开始时间，且不超过 7 天。",
                      "A duty must end after it starts, and last 7 days at most.",
                      code="bad-hours", field="ends")


def _known(facts: RosterFacts, wish: SaveRoster) -> None:
    for field, person in (("person", wish.person), ("backup", wish.backup)):
        if person is not None and person not in facts.people:
            raise NotFound("值班人员不存在或已停用，请另选一位。",
                           "This person does not exist or was removed; choose another.",
                           code="unknown-person", field=field)
    if wish.person == wish.backup:
        raise Refused("备班人员不能与值班人员相同，请另选一位。",
                      "The backup must be somebody else.", code="same-person", field="backup")
