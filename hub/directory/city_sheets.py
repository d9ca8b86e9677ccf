"""The demo city as the two spreadsheets somebody would import, without a database."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hub.directory import people_sheet, transfer_organisations
from hub.directory.city import City
from hub.directory.model import OrgFact
from hub.directory.people_phone import national
from hub.directory.spreadsheet import write_xlsx


def organisations(city: City) -> dict[str, OrgFact]:
    return {org.id: OrgFact(path=(), **_fields(org)) for org in city.organisations}


def _fields(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def organisations_xlsx(city: City) -> bytes:
    lines = [transfer_organisations.cells(org, org.parent or "") for org in organisations(city).values()]
    columns = transfer_organisations.COLUMNS
    return write_xlsx([each.heading for each in columns], lines, [each.width for each in columns], "机构")


def people_xlsx(city: City) -> bytes:
    words = people_sheet.org_words(organisations(city))
    groups: dict[str, list[str]] = defaultdict(list)
    for group in city.groups:
        for ref in group.members:
            groups[ref].append(group.name)
    lines = [
        people_sheet.cells(
            _fields(person) | {"groups": groups[f"person:{person.id}"]}, words[person.org], national(person.phone),
        )
        for person in city.people
    ]
    columns = people_sheet.COLUMNS
    return write_xlsx([each.heading for each in columns], lines, [each.width for each in columns], "人员")
