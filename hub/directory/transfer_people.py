"""What importing a list of people would change. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from hub.directory import groups as group_rules
from hub.directory import people as rules
from hub.directory import people_sheet
from hub.directory.messages.commands import ImportReport
from hub.directory.messages.events import GroupSaved, PersonSaved
from hub.directory.model import GroupFact, OrgFact, PersonFact
from hub.directory.people_sheet import COLUMNS
from hub.directory.spreadsheet import Grid
from hub.directory.transfer_columns import Complaints, Line, Parser, parsed, table, tidy
from hub.kernel.actor import CITY, Actor
from hub.kernel.ids import derived
from hub.spoke import Write


class PeopleFacts(msgspec.Struct, frozen=True, dict=True):
    """All of the directory, whatever the actor may see: codes and openids are unique over all."""

    orgs: Mapping[str, OrgFact]
    people: Mapping[UUID, PersonFact]
    groups: Mapping[UUID, GroupFact]

    @cached_property
    def by_code(self) -> dict[str, PersonFact]:
        return {person.code: person for person in self.people.values()}

    @cached_property
    def by_place(self) -> dict[tuple[str, str, str], list[PersonFact]]:
        found = defaultdict(list)
        for person in self.people.values():
            if person.active:
                found[person.kind, person.name, person.org].append(person)
        return found

    @cached_property
    def org_names(self) -> dict[str, list[OrgFact]]:
        """Under every word an organisation may be called by: id, name and short name."""
        found: dict[str, list[OrgFact]] = defaultdict(list)
        for org in self.orgs.values():
            for word in {org.id, org.name, org.short_name} - {""}:
                found[word].append(org)
        return found

    @cached_property
    def groups_of(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for group in self.groups.values():
            for ref in group.members:
                found[ref].append(group.name)
        return found


class Checked(msgspec.Struct, frozen=True):
    """`writes` is empty when anything is bad."""

    report: ImportReport
    writes: tuple[Write, ...]


class Row(msgspec.Struct, frozen=True):
    line: Line
    fact: PersonFact | None
    event: PersonSaved
    groups: tuple[str, ...] | None
    """None: the file says nothing of groups."""

    @property
    def changes(self) -> bool:
        return self.fact is None or rules.differs(self.fact, self.event)


def check(grid: Grid, facts: PeopleFacts, actor: Actor) -> Checked:
    """Raises Malformed when the file as a whole is no list of people."""
    sheet = table(grid, COLUMNS)
    complaints, warnings = Complaints(COLUMNS), Complaints(COLUMNS)
    readers = people_sheet.parsers(facts.org_names)
    rows = [row for line in sheet.lines if (row := _row(line, facts, actor, readers, complaints))]
    _no_twins(rows, complaints)
    _openids(rows, facts, complaints)
    _shared_phones(rows, facts, warnings)
    moves, new_groups = _memberships(rows, facts, actor, complaints)
    good = [row for row in rows if row.line.number not in complaints.rows]
    report = ImportReport(
        rows=len(sheet.lines),
        new=sum(row.fact is None for row in good),
        changed=sum(row.fact is not None and (row.changes or _moved(row, facts)) for row in good),
        same=sum(row.fact is not None and not row.changes and not _moved(row, facts) for row in good),
        bad=tuple(complaints.listed), bad_total=complaints.total, bad_rows=len(complaints.rows),
        warnings=tuple(warnings.listed), warnings_total=warnings.total,
        new_groups=tuple(new_groups), ignored_columns=sheet.ignored,
    )
    if complaints.total:
        return Checked(report, ())
    people = tuple(
        Write(rules.stream(row.event.id), row.fact.version if row.fact else 0, (row.event,))
        for row in rows if row.changes
    )
    return Checked(report, people + moves)


def _row(
    line: Line, facts: PeopleFacts, actor: Actor, readers: Mapping[str, Parser], complaints: Complaints,
) -> Row | None:
    """None when the row is bad; what is wrong has been said then."""
    words = tidy(line, COLUMNS, complaints)
    values = parsed(line, {field: word for field, word in words.items() if word or field not in ("kind", "org")},
                    readers, complaints)
    if line.number in complaints.rows:
        return None
    org: OrgFact = values["org"]
    fact = _known(line, values, facts, complaints)
    _in_reach(line, org, fact, actor, complaints)
    if line.number in complaints.rows:
        return None
    return Row(line, fact, _event(values, org, fact, facts), values.get("groups"))


def _known(line: Line, values: Mapping[str, Any], facts: PeopleFacts, complaints: Complaints) -> PersonFact | None:
    """By code; without one, by kind, name and place."""
    if values.get("code"):
        return facts.by_code.get(values["code"])
    same = facts.by_place.get((values["kind"], values["name"], values["org"].id), [])
    if len(same) > 1:
        complaints.add(line, "code", f"“{values['name']}”在该单位有 {len(same)} 人，请填写编号加以区分。",
                       f"There are {len(same)} people called {values['name']!r} there; give the code.")
    return same[0] if same else None


def _in_reach(line: Line, org: OrgFact, fact: PersonFact | None, actor: Actor, complaints: Complaints) -> None:
    if not actor.covers(org.path) or (fact and not actor.covers(fact.path)):
        complaints.add(line, "org", "该人员或单位不在您的管理范围内，请删去这一行，或联系上级管理员。",
                       "This person or place is outside your area; drop the row, or ask an administrator above you.")


def _event(values: Mapping[str, Any], org: OrgFact, fact: PersonFact | None, facts: PeopleFacts) -> PersonSaved:
    """Columns that the file does not have leave a known person as they are."""
    kept = {field: getattr(fact, field) for field in rules.STATE} if fact else {"code": ""}
    told = {field: values[field] for field in rules.STATE if field in values and field != "org"}
    person = fact.id if fact else _new_id(values, org, facts)
    code = values.get("code") or kept["code"] or rules.own_code(person)
    return PersonSaved(**kept | told | {"id": person, "org": org.id, "code": code})


def _new_id(values: Mapping[str, Any], org: OrgFact, facts: PeopleFacts) -> UUID:
    """The same row gives the same person, unless that id went to somebody whose code changed since."""
    code = values.get("code")
    id = derived("person", code) if code else derived("person", values["kind"], org.id, values["name"])
    while id in facts.people:
        id = derived("person", id)
    return id


def _no_twins(rows: list[Row], complaints: Complaints) -> None:
    codes = Counter(row.event.code for row in rows)
    ids = Counter(row.event.id for row in rows)
    for row in rows:
        if codes[row.event.code] > 1 or ids[row.event.id] > 1:
            field = "code" if row.line.cells.get("code") else "name"
            complaints.add(row.line, field, "同一编号（或同一单位的同名人员）在文件里出现了多次，请只保留一行，或填写不同的编号。",
                           "The same code (or the same name at the same place) stands in the file more than once; keep one row, or give different codes.")


def _openids(rows: list[Row], facts: PeopleFacts, complaints: Complaints) -> None:
    named = {row.event.id for row in rows}
    held = Counter(row.event.openid for row in rows if row.event.openid)
    held.update(person.openid for person in facts.people.values()
                if person.active and person.openid and person.id not in named)
    for row in rows:
        if held[row.event.openid] > 1:
            complaints.add(row.line, "openid", "这个微信 OpenID 还属于另一个人，一个微信只能对应一个人。",
                           "This WeChat openid belongs to somebody else as well; one account is one person.")


def _shared_phones(rows: list[Row], facts: PeopleFacts, warnings: Complaints) -> None:
    named = {row.event.id for row in rows}
    held = Counter(row.event.phone for row in rows if row.event.phone)
    held.update(person.phone for person in facts.people.values()
                if person.active and person.phone and person.id not in named)
    for row in rows:
        if held[row.event.phone] > 1:
            warnings.add(row.line, "phone", f"这个号码有 {held[row.event.phone]} 人共用，请确认无误。",
                         f"{held[row.event.phone]} people share this number; make sure it is right.")


def _ref(row: Row) -> str:
    return f"person:{row.event.id}"


def _moved(row: Row, facts: PeopleFacts) -> bool:
    return row.groups is not None and set(row.groups) != set(facts.groups_of.get(_ref(row), ()))


def _memberships(
    rows: list[Row], facts: PeopleFacts, actor: Actor, complaints: Complaints,
) -> tuple[tuple[Write, ...], list[str]]:
    """A group's cell names all groups of a person: not named is taken out."""
    named = {group.name: group for group in facts.groups.values()}
    members = {name: set(group.members) for name, group in named.items()}
    for row in rows:
        for name in set(row.groups or ()) ^ set(facts.groups_of.get(_ref(row), ())) if _moved(row, facts) else ():
            if name in named and not actor.covers(named[name].path):
                complaints.add(row.line, "groups", f"分组“{name}”不在您的管理范围内，不能增减成员。",
                               f"The group {name!r} is outside your area; you cannot change its members.")
            members.setdefault(name, set()).symmetric_difference_update({_ref(row)})
    writes = tuple(
        _group_write(name, refs, named.get(name), facts, actor)
        for name, refs in members.items() if name not in named or refs != set(named[name].members)
    )
    return writes, [name for name in members if name not in named]


def _group_write(
    name: str, refs: set[str], fact: GroupFact | None, facts: PeopleFacts, actor: Actor,
) -> Write:
    if fact:
        kept = GroupSaved(id=fact.id, name=name, kind=fact.kind, scope=fact.scope, note=fact.note)
        return Write(group_rules.group_stream(fact.id), fact.version, (
            msgspec.structs.replace(kept, members=tuple(sorted(refs))),))
    id = derived("group", name)
    while id in facts.groups:
        id = derived("group", id)
    scope = next((scope for scope in sorted(actor.scopes) if scope in facts.orgs), CITY)
    return Write(group_rules.group_stream(id), 0, (
        GroupSaved(id=id, name=name, scope=scope, members=tuple(sorted(refs))),))
