"""The rules for one person. Pure."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from hub.directory.messages.commands import (
    BindOpenId,
    ClearAddress,
    RemovePerson,
    Saved,
    SavePerson,
    SpoilAddress,
)
from hub.directory.messages.events import (
    AddressCleared,
    AddressSpoiled,
    OpenIdBound,
    PersonRemoved,
    PersonSaved,
)
from hub.directory.model import (
    OrgFact,
    PersonFact,
    as_seen,
    clean,
    distinct,
    existing,
    found,
    within,
)
from hub.directory.people_phone import normalise
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import Conflict, Forbidden
from hub.kernel.messages import Event
from hub.spoke import Decision, Write

WORDS = ("code", "name", "delegation", "district", "term", "post")
STATE = tuple(field for field in PersonSaved.__struct_fields__ if field != "id")


class PersonFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`code_of`, `openid_of`: names of other people who hold the wished code or openid."""

    person: PersonFact | None
    org: OrgFact | None = None
    code_of: str = ""
    openid_of: str = ""


def stream(person: UUID) -> str:
    return f"person-{person}"


def own_code(person: UUID) -> str:
    """For who has no number from outside: always the same for the same person."""
    return f"P{person.hex[:6]}{person.hex[-10:]}".upper()


def saved(person: UUID, wish: SavePerson | PersonSaved) -> PersonSaved:
    """What will be recorded: cleaned, with the phone as E.164. Raises Refused, naming the field."""
    words = {field: clean(getattr(wish, field), field) for field in WORDS}
    return PersonSaved(
        id=person, **words | {"code": words["code"] or own_code(person)},
        kind=wish.kind, org=wish.org, gender=wish.gender, phone=normalise(wish.phone),
        openid=wish.openid, opt_out=tuple(sorted(set(wish.opt_out))),
        tags=distinct(clean(tag, "tags") for tag in wish.tags),
    )


def differs(fact: PersonFact, event: PersonSaved) -> bool:
    return not fact.active or any(getattr(fact, field) != getattr(event, field) for field in STATE)


def _write(fact: PersonFact | None, person: UUID, *events: Event) -> Decision:
    version = fact.version if fact else 0
    writes = (Write(stream(person), version, events),) if events else ()
    return Decision(writes=writes, result=Saved(str(person), version + len(events)))


def _taken(holder: str, zh: str, en: str, field: str) -> None:
    if holder:
        raise Conflict(
            f"这个{zh}已属于“{holder}”，请核对后再保存。",
            f"This {en} already belongs to {holder!r}; check it and save again.",
            code=f"{field}-taken", field=field,
        )


def save_person(facts: PersonFacts, wish: SavePerson, actor: Actor, at: datetime) -> Decision:
    fact = facts.person
    as_seen(wish.version, fact.version if fact else 0)
    org = existing(facts.org, wish.org, "org")
    within(actor, org.path, org.name)
    if fact:
        within(actor, fact.path, fact.name)
    _taken(facts.code_of, "编号", "code", "code")
    _taken(facts.openid_of, "微信", "WeChat account", "openid")
    event = saved(wish.person, wish)
    if not event.name:
        raise Conflict("姓名不能为空，请填写后再保存。", "A name is needed.", code="name-missing", field="name")
    return _write(fact, wish.person, *([event] if fact is None or differs(fact, event) else []))


def remove_person(facts: PersonFacts, wish: RemovePerson, actor: Actor, at: datetime) -> Decision:
    fact: PersonFact = found(facts.person, "个人", "person")
    as_seen(wish.version, fact.version)
    within(actor, fact.path, fact.name)
    return _write(fact, fact.id, *([PersonRemoved(id=fact.id)] if fact.active else []))


def bind_openid(facts: PersonFacts, wish: BindOpenId, actor: Actor, at: datetime) -> Decision:
    """People bind their own; editors bind for people in their area."""
    here = facts.person if facts.person and facts.person.active else None
    fact: PersonFact = found(here, "个人", "person")
    myself = f"person:{fact.id}" in actor.scopes
    if not myself and not actor.may(Permission.DIRECTORY_EDIT):
        raise Forbidden("只能绑定本人的微信。", "You may only bind your own WeChat account.", code="not-yours")
    if not myself:
        within(actor, fact.path, fact.name)
    _taken(facts.openid_of, "微信", "WeChat account", "openid")
    same = fact.openid == wish.openid and not fact.openid_bad
    return _write(fact, fact.id, *([] if same else [OpenIdBound(id=fact.id, openid=wish.openid)]))


def spoil_address(facts: PersonFacts, wish: SpoilAddress, actor: Actor, at: datetime) -> Decision:
    fact: PersonFact = found(facts.person, "个人", "person")
    within(actor, fact.path, fact.name)
    address, bad = _address(fact, wish.channel)
    if not address or bad:
        return _write(fact, fact.id)
    return _write(fact, fact.id, AddressSpoiled(
        id=fact.id, channel=wish.channel, address=address, why=clean(wish.why, "why"),
    ))


def clear_address(facts: PersonFacts, wish: ClearAddress, actor: Actor, at: datetime) -> Decision:
    fact: PersonFact = found(facts.person, "个人", "person")
    within(actor, fact.path, fact.name)
    _, bad = _address(fact, wish.channel)
    return _write(fact, fact.id, *([AddressCleared(id=fact.id, channel=wish.channel)] if bad else []))


def _address(fact: PersonFact, channel: str) -> tuple[str, str]:
    return (fact.openid, fact.openid_bad) if channel == "wechat" else (fact.phone, fact.phone_bad)
