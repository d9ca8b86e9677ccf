"""What the rules of the directory know: rows as facts, and the few tests that all rules share. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from hub.directory.messages.shapes import OrgKind
from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused

PARENTS: dict[OrgKind, tuple[OrgKind, ...]] = {
    OrgKind.CITY: (),
    OrgKind.DISTRICT: (OrgKind.CITY,),
    OrgKind.STATION: (OrgKind.DISTRICT, OrgKind.CITY),
    OrgKind.DEPARTMENT: (OrgKind.CITY, OrgKind.DISTRICT),
}
"""Under what each kind may stand; so the tree cannot become a ring."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


class OrgFact(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: OrgKind
    parent: str | None
    path: tuple[str, ...]
    name: str
    short_name: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    hours: str = ""
    contact: str = ""
    phone: str = ""
    photo: UUID | None = None
    sort: int = 0
    auto_answer: bool = False
    active: bool = True
    version: int = 0


class PersonFact(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    code: str
    kind: str
    name: str
    org: str
    path: tuple[str, ...] = ()
    gender: str = ""
    delegation: str = ""
    district: str = ""
    term: str = ""
    post: str = ""
    phone: str = ""
    openid: str = ""
    phone_bad: str = ""
    openid_bad: str = ""
    opt_out: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    active: bool = True
    version: int = 0


class GroupFact(msgspec.Struct, frozen=True, kw_only=True):
    """`path`: where the group's scope lies in the tree."""

    id: UUID
    name: str
    kind: str = ""
    scope: str = "city"
    path: tuple[str, ...] = ()
    note: str = ""
    members: tuple[str, ...] = ()
    version: int = 0


class RosterFact(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    org: str
    path: tuple[str, ...]
    version: int


def clean(text: str, field: str) -> str:
    """One blank between words, none around. Raises Refused for characters nobody can see."""
    hidden = CONTROL.search(text)
    if hidden:
        raise Refused(
            f"内容里有看不见的控制字符（U+{ord(hidden[0]):04X}），请删除后重新填写。",
            f"The text holds an invisible control character (U+{ord(hidden[0]):04X}); remove it.",
            code="control-character", field=field,
        )
    return " ".join(text.split())


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def as_seen(seen: int | None, actual: int) -> None:
    """Raises Conflict when the asker looked at another version than the one that stands."""
    if seen is not None and seen != actual:
        raise Conflict(
            "这条记录刚被别人改过，请刷新看过最新内容后再保存。",
            "Somebody changed this record since you opened it; refresh, look, and save again.",
            code="version-conflict", field="version",
        )


def within(actor: Actor, path: tuple[str, ...], name: str) -> None:
    """Raises Forbidden unless `path` lies in the actor's scopes."""
    if not actor.covers(path):
        raise Forbidden(
            f"“{name}”不在您的管理范围内，请联系上级管理员。",
            f"{name!r} is outside the area you look after; ask an administrator above you.",
            code="out-of-scope",
        )


def existing(org: OrgFact | None, id: str, field: str) -> OrgFact:
    if org is None:
        raise NotFound(
            f"没有编号为“{id}”的机构，请先建立它，或另选一个。",
            f"There is no organisation {id!r}; create it first, or choose another.",
            code="unknown-organisation", field=field,
        )
    return org


def found(fact: Any, zh: str, en: str) -> Any:
    if fact is None:
        raise NotFound(f"没有这{zh}，可能已被删除，请刷新。", f"There is no such {en}; it may have been removed. Refresh.")
    return fact
