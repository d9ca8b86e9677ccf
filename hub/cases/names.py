"""What refs are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from hub.cases.rows import Party
from hub.kernel.actor import SYSTEM
from hub.kernel.lifecycle import DESK, HEAD
from hub.record import Connection, load_sql

Q = load_sql(__package__)

DESKS = {
    "desk:cases.intake": "代表工委", "desk:cases.assign": "政府办", "desk:cases.committee": "主任会议·专工委",
    "desk:cases.handle": "承办单位", "desk:cases.sign": "单位负责人", "desk:legislate": "法工委", "desk:rules": "管理员",
    "desk:propose": "代表", SYSTEM.id: SYSTEM.name,
}
"""中文 of desks and of the hub itself; everybody else stands in the directory."""

Names = Mapping[str, str]
REF = re.compile(r"(?:person|account|department|station|district):[\w-]+")


async def names_of(conn: Connection, refs: Iterable[str]) -> Names:
    """A ref that nobody bears any more is its own name."""
    wanted = set(refs)
    heads = {ref: ref.removeprefix(HEAD) for ref in wanted if ref.startswith(HEAD)}
    wanted |= set(heads.values())
    found = await conn.fetch(Q["names"], _numbers(wanted, "person:"), [ref for ref in wanted if not ref.startswith(("person:", "account:", DESK))],
                             _numbers(wanted, "account:"))
    cases = _numbers(wanted, "case:")
    numbered = await conn.fetch(Q["case_names"], cases) if cases else []
    names = {ref: DESKS.get(ref, ref) for ref in wanted} | {row["ref"]: row["name"] for row in (*found, *numbered)}
    return names | {ref: f"负责人（{names[unit]}）" for ref, unit in heads.items()}


def _numbers(refs: Iterable[str], kind: str) -> list[UUID]:
    found: list[UUID] = []
    for ref in refs:
        if ref.startswith(kind):
            with suppress(ValueError):
                found.append(UUID(ref.removeprefix(kind)))
    return found


def party(ref: str | None, names: Names) -> Party | None:
    return Party(ref, names.get(ref, ref)) if ref else None


def parties(refs: Iterable[str], names: Names) -> tuple[Party, ...]:
    return tuple(Party(ref, names.get(ref, ref)) for ref in refs)


def refs_in(value: Any) -> Iterator[str]:
    """Of everybody who is named in what was filled in, in plain values."""
    match value:
        case str() if REF.fullmatch(value):
            yield value
        case list() | tuple():
            for one in value:
                yield from refs_in(one)
        case dict():
            yield from refs_in(list(value.values()))
