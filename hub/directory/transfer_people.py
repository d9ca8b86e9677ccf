"""People in a spreadsheet: what its columns mean, and what importing it would change. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any
from uuid import UUID

import msgspec

from hub.directory import groups as group_rules
from hub.directory import people as rules
from hub.directory.messages import (
    OPENID,
    TAG_LONGEST,
    GroupSaved,
    ImportReport,
    PersonKind,
    PersonSaved,
)
from hub.directory.model import GroupFact, OrgFact, PersonFact, distinct
from hub.directory.people_phone import national, normalise
from hub.directory.spreadsheet import Grid
from hub.directory.transfer_columns import (
    GROUP_SEPARATORS,
    SEPARATORS,
    Column,
    Complaints,
    Line,
    Parser,
    one_of,
    parsed,
    table,
    tidy,
)
from hub.kernel.actor import CITY, Actor
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from hub.spoke import Write

COLUMNS = (
    Column("code", "编号", ("代表证号", "证号", "工号", "人员编号", "序列号", "no", "id"), 40),
    Column("name", "姓名", ("名字", "人员姓名", "代表姓名"), 60, 10, required=True),
    Column("kind", "类别", ("人员类别", "类型", "身份", "人员类型"), 20, 12, required=True),
    Column("gender", "性别", ("sex",), 4, 6),
    Column("org", "所属单位", (
        "所属站点/单位", "所属站点", "站点", "联络站", "单位", "所属组织", "机构", "所属机构", "organisation",
    ), 80, 26, required=True),
    Column("delegation", "代表团", ("所在代表团", "代表团名称"), 60, 16),
    Column("district", "区县", ("区", "所在区", "行政区", "县区", "选区"), 60, 12),
    Column("term", "届别", ("届次", "届"), 60, 12),
    Column("post", "职务", ("职位", "单位职务", "单位及职务", "职称", "position"), 60, 22),
    Column("phone", "手机", ("手机号", "手机号码", "电话", "联系电话", "电话号码", "移动电话", "mobile"), 30, 16),
    Column("openid", "微信OpenID", ("微信", "openid", "微信号openid", "wechat"), 64, 24),
    Column("opt_out", "不接收", ("勿扰渠道", "不接收渠道", "拒收", "退订"), 40, 12),
    Column("tags", "标签", ("tag", "专业领域", "领域"), 400, 20),
    Column("groups", "分组", ("组", "群组", "所属分组", "group", "专委会"), 600, 24),
)

KINDS = {
    "代表": PersonKind.DEPUTY, "工作人员": PersonKind.STAFF, "列席人员": PersonKind.ATTENDEE,
    "部门经办人": PersonKind.HANDLER, "人大代表": PersonKind.DEPUTY, "市人大代表": PersonKind.DEPUTY,
    "联络员": PersonKind.STAFF, "站点工作人员": PersonKind.STAFF, "列席": PersonKind.ATTENDEE,
    "列席代表": PersonKind.ATTENDEE, "经办人": PersonKind.HANDLER, "部门联系人": PersonKind.HANDLER,
} | {kind.value: kind for kind in PersonKind}
KIND_ZH = {kind: word for word, kind in reversed(KINDS.items()) if word != kind.value}

GENDERS = {"男": "男", "女": "女", "": "", "男性": "男", "女性": "女", "male": "男", "female": "女", "m": "男", "f": "女"}

CHANNELS = {
    "站点屏幕": "screen", "代表页面": "page", "微信": "wechat", "短信": "sms", "电话": "voice",
    "屏幕": "screen", "页面": "page", "语音": "voice",
} | {code: code for code in ("screen", "page", "wechat", "sms", "voice")}
CHANNEL_ZH = {code: word for word, code in reversed(CHANNELS.items()) if word != code}


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
    parsers = _parsers(facts)
    rows = [row for line in sheet.lines if (row := _row(line, facts, actor, parsers, complaints))]
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


def _parsers(facts: PeopleFacts) -> dict[str, Parser]:
    return {
        "kind": one_of(KINDS, "类别", "kind"),
        "gender": one_of(GENDERS, "性别", "gender"),
        "org": partial(find_org, facts.org_names),
        "phone": normalise,
        "openid": _openid,
        "opt_out": _opt_out,
        "tags": _tags,
        "groups": _group_names,
    }


def find_org(names: Mapping[str, list[OrgFact]], text: str) -> OrgFact:
    found = {org.id: org for org in names.get(text, ())}
    if text in found:
        return found[text]
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise Refused(f"有 {len(found)} 个机构叫“{text}”，请改填编号（如 {min(found)}）。",
                      f"{len(found)} organisations are called {text!r}; give the id instead ({min(found)}).")
    raise Refused(f"没有名为“{text[:40]}”的机构，请核对名称，或先建立该机构。",
                  f"There is no organisation {text[:40]!r}; check the name, or create it first.")


_OPENID = re.compile(OPENID)


def _openid(text: str) -> str:
    if not _OPENID.match(text):
        raise Refused("微信 OpenID 只能含字母、数字、下划线和减号，请从公众号后台复制。",
                      "A WeChat openid holds letters, digits, _ and - only; copy it from the WeChat console.")
    return text


def _opt_out(text: str) -> tuple[str, ...]:
    parse = one_of(CHANNELS, "渠道", "channel")
    return tuple(sorted({parse(word) for word in SEPARATORS.split(text) if word}))


def _tags(text: str) -> tuple[str, ...]:
    tags = distinct(word for word in re.split(r"[\s,，、;；|]+", text) if word)
    if len(tags) > 20 or any(len(tag) > TAG_LONGEST for tag in tags):
        raise Refused(f"标签最多 20 个，每个最多 {TAG_LONGEST} 个字，用顿号分隔。",
                      f"At most 20 tags of {TAG_LONGEST} characters, separated by commas.")
    return tags


def _group_names(text: str) -> tuple[str, ...]:
    names = distinct(word for word in GROUP_SEPARATORS.split(text) if word)
    if any(len(name) > 60 for name in names):
        raise Refused("分组名称最多 60 个字，多个分组用顿号分隔。",
                      "A group's name has 60 characters at most; separate several by commas.")
    return names


def _row(
    line: Line, facts: PeopleFacts, actor: Actor, parsers: Mapping[str, Parser], complaints: Complaints,
) -> Row | None:
    """None when the row is bad; what is wrong has been said then."""
    words = tidy(line, COLUMNS, complaints)
    values = parsed(line, {field: word for field, word in words.items() if word or field not in ("kind", "org")},
                    parsers, complaints)
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


def cells(row: Mapping[str, Any], org: str, phone: str) -> list[str]:
    """One row as the columns show it: what `check` reads back as the same person."""
    shown = dict(row) | {
        "kind": KIND_ZH[row["kind"]], "org": org, "phone": phone,
        "opt_out": "、".join(CHANNEL_ZH[code] for code in row["opt_out"]),
        "tags": "、".join(row["tags"]), "groups": "、".join(row["groups"]),
    }
    return [shown[column.field] for column in COLUMNS]


def org_words(orgs: Mapping[str, OrgFact]) -> dict[str, str]:
    """For each organisation the word that means it alone: its name, or else its id."""
    names: dict[str, set[str]] = defaultdict(set)
    for org in orgs.values():
        for word in (org.id, org.name, org.short_name):
            names[word].add(org.id)
    return {org.id: org.name if names[org.name] == {org.id} else org.id for org in orgs.values()}


__all__ = ["COLUMNS", "Checked", "PeopleFacts", "cells", "check", "find_org", "national", "org_words"]
