"""The rules for the tree of organisations. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hub.directory.messages.commands import Saved, SaveOrganisation
from hub.directory.messages.events import OrganisationSaved
from hub.directory.messages.shapes import OrgKind
from hub.directory.model import PARENTS, OrgFact, as_seen, clean, existing, within
from hub.kernel.actor import Actor
from hub.kernel.errors import Refused
from hub.spoke import Decision, Write

WORDS = ("name", "short_name", "address", "hours", "contact", "phone")
STATE = tuple(field for field in OrganisationSaved.__struct_fields__ if field != "id")

KIND_ZH = {OrgKind.CITY: "市", OrgKind.DISTRICT: "区县", OrgKind.STATION: "联络站", OrgKind.DEPARTMENT: "部门"}


class OrganisationFacts(msgspec.Struct, frozen=True):
    organisation: OrgFact | None
    parent: OrgFact | None


def stream(organisation: str) -> str:
    return f"organisation-{organisation}"


def kind_of_id(organisation: str) -> OrgKind:
    return OrgKind(organisation.partition(":")[0])


def may_stand(kind: OrgKind, parent: OrgFact | None) -> None:
    """Raises Refused when an organisation of this kind cannot stand there."""
    allowed = PARENTS[kind]
    if (parent.kind in allowed) if parent else not allowed:
        return
    zh = "、".join(KIND_ZH[each] for each in allowed) or "无"
    raise Refused(
        f"{KIND_ZH[kind]}的上级应当是：{zh}。",
        f"Above a {kind} there must be: {', '.join(allowed) or 'nothing'}.",
        code="wrong-parent", field="parent",
    )


def saved(wish: SaveOrganisation) -> OrganisationSaved:
    """What will be recorded. Raises Refused, naming the field."""
    if (wish.lon is None) != (wish.lat is None):
        raise Refused("经度和纬度要么都填，要么都不填。", "Give both longitude and latitude, or neither.",
                      code="bad-coordinates", field="lon" if wish.lon is None else "lat")
    words = {field: clean(getattr(wish, field), field) for field in WORDS}
    if not words["name"]:
        raise Refused("名称不能为空，请填写后再保存。", "A name is needed.", code="name-missing", field="name")
    return OrganisationSaved(
        id=wish.organisation, kind=kind_of_id(wish.organisation), parent=wish.parent, **words,
        lon=wish.lon, lat=wish.lat, photo=wish.photo, sort=wish.sort,
        auto_answer=wish.auto_answer, active=wish.active,
    )


def differs(fact: OrgFact, event: OrganisationSaved) -> bool:
    return any(getattr(fact, field) != getattr(event, field) for field in STATE)


def reach(fact: OrgFact | None, event: OrganisationSaved, parent: OrgFact | None, actor: Actor) -> None:
    """Who looks after one place may change it there; to move or make one, one must hold its parent."""
    if fact:
        within(actor, fact.path, fact.name)
    if fact is None or fact.parent != event.parent:
        within(actor, parent.path if parent else ("city",), parent.name if parent else event.name)


def save_organisation(
    facts: OrganisationFacts, wish: SaveOrganisation, actor: Actor, at: datetime,
) -> Decision:
    fact = facts.organisation
    version = fact.version if fact else 0
    as_seen(wish.version, version)
    parent = existing(facts.parent, wish.parent, "parent") if wish.parent else None
    event = saved(wish)
    may_stand(event.kind, parent)
    reach(fact, event, parent, actor)
    if fact and not differs(fact, event):
        return Decision(result=Saved(event.id, version))
    return Decision(
        writes=(Write(stream(event.id), version, (event,)),), result=Saved(event.id, version + 1),
    )
