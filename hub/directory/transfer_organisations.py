"""Organisations in a spreadsheet: what its columns mean, and what importing it would change. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from hub.directory import organisations as rules
from hub.directory.messages.commands import ImportReport
from hub.directory.messages.events import OrganisationSaved
from hub.directory.messages.shapes import ORG_ID, OrgKind
from hub.directory.model import PARENTS, OrgFact
from hub.directory.spreadsheet import Grid
from hub.directory.transfer_columns import (
    Column,
    Complaints,
    Line,
    Parser,
    Table,
    one_of,
    parsed,
    table,
    tidy,
)
from hub.directory.transfer_people import Checked
from hub.kernel.actor import CITY, Actor
from hub.kernel.errors import Refused
from hub.spoke import Write

COLUMNS = (
    Column("id", "编号", ("机构编号", "站点编号", "代码", "no"), 20, required=True),
    Column("name", "名称", ("机构名称", "站点名称", "单位名称", "全称"), 60, 30, required=True),
    Column("kind", "类型", ("机构类型", "类别"), 20, 10),
    Column("parent", "上级", ("上级机构", "所属", "所属区县", "上级单位", "区县"), 80, 20),
    Column("short_name", "简称", ("短名",), 60, 14),
    Column("lon", "经度", ("lng", "longitude"), 24, 14),
    Column("lat", "纬度", ("latitude",), 24, 14),
    Column("address", "地址", ("详细地址", "站点地址"), 200, 36),
    Column("hours", "开放时间", ("开放时段", "工作时间", "接待时间"), 200, 24),
    Column("contact", "联系人", ("负责人", "站长"), 60, 12),
    Column("phone", "电话", ("联系电话", "联系方式", "电话号码"), 60, 18),
    Column("sort", "排序", ("序号", "顺序"), 8, 8),
    Column("auto_answer", "自动接听", ("自动应答",), 4, 10),
    Column("active", "启用", ("是否启用", "有效"), 4, 8),
)

KINDS = {
    "市": OrgKind.CITY, "区县": OrgKind.DISTRICT, "联络站": OrgKind.STATION, "部门": OrgKind.DEPARTMENT,
    "全市": OrgKind.CITY, "城市": OrgKind.CITY, "区": OrgKind.DISTRICT, "县": OrgKind.DISTRICT,
    "站点": OrgKind.STATION, "代表联络站": OrgKind.STATION, "站": OrgKind.STATION, "单位": OrgKind.DEPARTMENT,
} | {kind.value: kind for kind in OrgKind}

YES = {"是": True, "否": False, "y": True, "n": False, "yes": True, "no": False, "1": True, "0": False,
       "true": True, "false": False, "√": True, "×": False}

_ID = re.compile(ORG_ID)
_PHONE = re.compile(r"^[0-9+\-()（） 转/、,，;；]{3,60}$")


class Row(msgspec.Struct, frozen=True):
    line: Line
    fact: OrgFact | None
    event: OrganisationSaved

    @property
    def changes(self) -> bool:
        return self.fact is None or rules.differs(self.fact, self.event)


def check(grid: Grid, orgs: Mapping[str, OrgFact], actor: Actor) -> Checked:
    """Raises Malformed when the file as a whole is no list of organisations."""
    sheet = table(grid, COLUMNS)
    complaints = Complaints(COLUMNS)
    drafts = [draft for line in sheet.lines if (draft := _draft(line, complaints))]
    tree = _Tree(orgs, drafts)
    rows = [_row(line, values, tree, complaints) for line, values in drafts]
    _no_twins(rows, complaints)
    parents = {row.event.id: row.event.parent for row in rows}
    for row in rows:
        if row.line.number not in complaints.rows and _stands(row, tree, complaints):
            _in_reach(row, tree.path(row.event.parent, parents), actor, complaints)
    return _outcome(sheet, rows, complaints)


def _outcome(sheet: Table, rows: list[Row], complaints: Complaints) -> Checked:
    good = [row for row in rows if row.line.number not in complaints.rows]
    report = ImportReport(
        rows=len(sheet.lines),
        new=sum(row.fact is None for row in good),
        changed=sum(row.fact is not None and row.changes for row in good),
        same=sum(not row.changes for row in good),
        bad=tuple(complaints.listed), bad_total=complaints.total, bad_rows=len(complaints.rows),
        ignored_columns=sheet.ignored,
    )
    order = list(OrgKind)
    writes = tuple(
        Write(rules.stream(row.event.id), row.fact.version if row.fact else 0, (row.event,))
        for row in sorted(rows, key=lambda row: order.index(row.event.kind)) if row.changes
    )
    return Checked(report, () if complaints.total else writes)


def _draft(line: Line, complaints: Complaints) -> tuple[Line, dict[str, Any]] | None:
    """A row's values, where they can be read at all."""
    words = tidy(line, COLUMNS, complaints)
    values = parsed(line, {field: word for field, word in words.items() if word or field in BLANK}, PARSERS, complaints)
    if line.number not in complaints.rows:
        try:
            values["id"] = full_id(values["id"], values.get("kind"))
        except Refused as refusal:
            complaints.refused(line, "id", refusal)
    return None if line.number in complaints.rows else (line, values)


def full_id(text: str, kind: OrgKind | None) -> str:
    """`17` of kind 联络站 is `station:17`. Raises Refused when id and kind contradict each other."""
    bare = text.lower().replace("：", ":")
    if kind and bare.isdecimal():
        bare = CITY if kind is OrgKind.CITY else f"{kind}:{int(bare)}"
    if not _ID.match(bare):
        raise Refused(
            f"“{text[:20]}”不是有效的编号，请写成 city、district:3、station:17、department:5，或写数字并填“类型”。",
            f"{text[:20]!r} is no id; write city, district:3, station:17, department:5, or a number and the type.",
        )
    if kind and rules.kind_of_id(bare) is not kind:
        raise Refused(f"编号“{bare}”与类型“{rules.KIND_ZH[kind]}”不一致，请改其中一个。",
                      f"The id {bare!r} contradicts the type {kind}; change one of them.")
    return bare


class _Tree:
    """The organisations as they would stand after the import, found by id and by name."""

    def __init__(self, orgs: Mapping[str, OrgFact], drafts: list[tuple[Line, dict[str, Any]]]) -> None:
        self.orgs = orgs
        self.kinds = {id: org.kind for id, org in orgs.items()}
        self.names: dict[str, set[str]] = {}
        for org in orgs.values():
            self._call(org.id, org.name, org.short_name)
        for _, values in drafts:
            self.kinds[values["id"]] = rules.kind_of_id(values["id"])
            self._call(values["id"], values["name"], values.get("short_name", ""))

    def _call(self, id: str, *words: str) -> None:
        for word in (id, *words):
            self.names.setdefault(word, set()).add(id)

    def find(self, text: str, kind: OrgKind) -> str:
        ids = {text} if text in self.kinds else {
            id for id in self.names.get(text, ()) if self.kinds[id] in PARENTS[kind]}
        if len(ids) != 1:
            raise Refused(
                f"找不到唯一的上级“{text[:40]}”，请填写其编号（如 district:3），并确认它已存在或在本文件中。",
                f"There is no single parent {text[:40]!r}; give its id (like district:3), known already or in this file.",
            )
        return next(iter(ids))

    def path(self, above: str | None, parents: Mapping[str, str | None]) -> tuple[str, ...]:
        """From `above` up to the city; `parents` are those that the file names."""
        path: list[str] = []
        while above and above not in path:
            path.append(above)
            above = parents.get(above) or (self.orgs[above].parent if above in self.orgs else None)
        return tuple(path)


def _row(line: Line, values: Mapping[str, Any], tree: _Tree, complaints: Complaints) -> Row:
    fact = tree.orgs.get(values["id"])
    kind = rules.kind_of_id(values["id"])
    told = {field: value for field, value in values.items() if field in rules.STATE and field not in ("kind", "parent")}
    kept = {field: getattr(fact, field) for field in rules.STATE} if fact else {"name": ""}
    parent = kept.get("parent")
    if "parent" in values or fact is None:
        parent = _parent(line, str(values.get("parent", "")), kind, tree, complaints)
    event = OrganisationSaved(**kept | told | {"id": values["id"], "kind": kind, "parent": parent})
    if refusal := rules.misplaced(event.lon, event.lat):
        complaints.refused(line, refusal.field or "lon", refusal)
    return Row(line, fact, event)


def _parent(line: Line, text: str, kind: OrgKind, tree: _Tree, complaints: Complaints) -> str | None:
    if not text:
        return None if kind is OrgKind.CITY else CITY
    try:
        return tree.find(text, kind)
    except Refused as refusal:
        complaints.refused(line, "parent", refusal)
        return None


def _no_twins(rows: list[Row], complaints: Complaints) -> None:
    ids = Counter(row.event.id for row in rows)
    for row in rows:
        if ids[row.event.id] > 1:
            complaints.add(row.line, "id", "同一编号在文件里出现了多次，请只保留一行。",
                           "The same id stands in the file more than once; keep one row.")


def _stands(row: Row, tree: _Tree, complaints: Complaints) -> bool:
    event, parent = row.event, row.event.parent
    above = tree.kinds.get(parent) if parent else None
    if (above not in PARENTS[event.kind]) if parent else PARENTS[event.kind]:
        zh = "、".join(rules.KIND_ZH[kind] for kind in PARENTS[event.kind]) or "无"
        complaints.add(row.line, "parent", f"{rules.KIND_ZH[event.kind]}的上级应当是：{zh}，请先建立或改填上级。",
                       f"Above a {event.kind} there must be: {', '.join(PARENTS[event.kind]) or 'nothing'}.")
        return False
    return True


def _in_reach(row: Row, above: tuple[str, ...], actor: Actor, complaints: Complaints) -> None:
    """Whoever changes a place must hold it; whoever makes or moves one must hold its parent."""
    moved = row.fact is None or row.fact.parent != row.event.parent
    reach = ([row.fact.path] if row.fact else []) + ([above or (CITY,)] if moved else [])
    if not all(actor.covers(path) for path in reach):
        complaints.add(row.line, "id", "该机构或其上级不在您的管理范围内，请删去这一行，或联系上级管理员。",
                       "This organisation or its parent is outside your area; drop the row, or ask an administrator above you.")


def _degrees(most: float) -> Parser:
    def parse(text: str) -> float | None:
        if not text:
            return None
        try:
            number = float(text.rstrip("°"))
        except ValueError:
            number = float("nan")
        if not -most <= number <= most:
            raise Refused(f"应为 -{most:g} 到 {most:g} 之间的十进制度数，例如 120.123456。",
                          f"Decimal degrees from -{most:g} to {most:g} are needed, like 120.123456.")
        return number
    return parse


def _sort(text: str) -> int:
    if text.isdecimal() and text.isascii() and int(text) <= 100_000:
        return int(text)
    raise Refused("排序应为 0 到 100000 的整数。", "The order is a whole number from 0 to 100000.")


def _phone(text: str) -> str:
    if text and not _PHONE.match(text):
        raise Refused("电话只能含数字、空格和 + - ( ) 转 / 、等符号。", "A phone holds digits, blanks and + - ( ) / only.")
    return text


PARSERS: dict[str, Parser] = {
    "kind": one_of(KINDS, "类型", "type"),
    "lon": _degrees(180), "lat": _degrees(90), "sort": _sort, "phone": _phone,
    "auto_answer": one_of(YES, "值（是/否）", "yes or no"), "active": one_of(YES, "值（是/否）", "yes or no"),
}
BLANK = frozenset(column.field for column in COLUMNS) - {"kind", "sort", "auto_answer", "active"}
"""Columns where an empty cell means "nothing"; in the others it means "as it was"."""


def cells(org: OrgFact, parent: str) -> list[str]:
    """One row as the columns show it: what `check` reads back as the same organisation."""
    shown = {field: getattr(org, field) for field in (column.field for column in COLUMNS)} | {
        "kind": rules.KIND_ZH[org.kind], "parent": parent, "sort": str(org.sort),
        "lon": _number(org.lon), "lat": _number(org.lat),
        "auto_answer": "是" if org.auto_answer else "否", "active": "是" if org.active else "否",
    }
    return [shown[column.field] for column in COLUMNS]


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)
