"""The rules for the tree of organisations. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hub.directory.messages.commands import CreateOrganisation, Saved, SaveOrganisation
from hub.directory.messages.events import OrganisationSaved
from hub.directory.messages.shapes import LAST_NUMBER, OrgKind
from hub.directory.model import PARENTS, OrgFact, as_seen, clean, existing, within
from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict, Refused
from hub.spoke import Decision, Write

WORDS = ("name", "short_name", "address", "hours", "contact", "phone")
STATE = tuple(field for field in OrganisationSaved.__struct_fields__ if field != "id")

KIND_ZH = {OrgKind.CITY: "市", OrgKind.DISTRICT: "区县", OrgKind.STATION: "联络站", OrgKind.DEPARTMENT: "部门"}


LON, LAT = (73.0, 136.0), (3.0, 54.0)
"""Degrees within which all of the country lies. Beyond, two numbers were swapped or mistyped."""


class OrganisationFacts(msgspec.Struct, frozen=True):
    organisation: OrgFact | None
    parent: OrgFact | None


class PlaceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`number` is the one wished for, or the next free; `holder` has it already; `namesake` is the
    id of an active neighbour of this kind and name."""

    parent: OrgFact | None
    number: int
    holder: str = ""
    namesake: str = ""


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


def misplaced(lon: float | None, lat: float | None) -> Refused | None:
    """Why there is no such place, or None."""
    if (lon is None) != (lat is None):
        return Refused("经度和纬度要么都填，要么都不填。", "Give both longitude and latitude, or neither.",
                       code="bad-coordinates", field="lon" if lon is None else "lat")
    for field, degrees, (least, most) in (("lon", lon, LON), ("lat", lat, LAT)):
        if degrees is not None and not least <= degrees <= most:
            return Refused(
                f"坐标不在国内：经度应在 {LON[0]:g} 到 {LON[1]:g} 之间，纬度应在 {LAT[0]:g} 到 {LAT[1]:g} 之间，请检查是否填反。",
                f"This place is outside the country: longitude lies between {LON[0]:g} and {LON[1]:g}, latitude "
                f"between {LAT[0]:g} and {LAT[1]:g}; perhaps the two were swapped.",
                code="bad-coordinates", field=field,
            )
    return None


def saved(id: str, wish: SaveOrganisation | CreateOrganisation, sort: int, active: bool) -> OrganisationSaved:
    """What will be recorded. Raises Refused, naming the field."""
    if refusal := misplaced(wish.lon, wish.lat):
        raise refusal
    words = {field: clean(getattr(wish, field), field) for field in WORDS}
    if not words["name"]:
        raise Refused("名称不能为空，请填写后再保存。", "A name is needed.", code="name-missing", field="name")
    return OrganisationSaved(
        id=id, kind=kind_of_id(id), parent=wish.parent, **words,
        lon=wish.lon, lat=wish.lat, photo=wish.photo, sort=sort, auto_answer=wish.auto_answer, active=active,
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
    event = saved(wish.organisation, wish, wish.sort, wish.active)
    may_stand(event.kind, parent)
    reach(fact, event, parent, actor)
    if fact and not differs(fact, event):
        return Decision(result=Saved(event.id, version))
    return Decision(
        writes=(Write(stream(event.id), version, (event,)),), result=Saved(event.id, version + 1),
    )


def create_organisation(facts: PlaceFacts, wish: CreateOrganisation, actor: Actor, at: datetime) -> Decision:
    parent = existing(facts.parent, wish.parent, "parent")
    within(actor, parent.path, parent.name)
    event = saved(f"{wish.kind}:{facts.number}", wish, sort=facts.number, active=True)
    may_stand(event.kind, parent)
    _require_room(facts, parent, event)
    return Decision(writes=(Write(stream(event.id), 0, (event,)),), result=Saved(event.id, 1))


def _require_room(facts: PlaceFacts, parent: OrgFact, event: OrganisationSaved) -> None:
    kind = KIND_ZH[event.kind]
    if not parent.active:
        raise Refused(f"“{parent.name}”已停用，请先启用它，或另选上级。",
                      f"{parent.name!r} is not in use; take it into use first, or choose another parent.",
                      code="parent-inactive", field="parent")
    if facts.number > LAST_NUMBER:
        raise Refused(f"{kind}编号已用到 {LAST_NUMBER}，请自己填一个未用的编号。",
                      f"Numbers up to {LAST_NUMBER} are taken; write a free one yourself.",
                      code="no-number-left", field="number")
    if facts.holder:
        raise Conflict(f"编号 {facts.number} 已属于“{facts.holder}”，请换一个，或留空由系统取号。",
                       f"The number {facts.number} belongs to {facts.holder!r}; choose another, or leave it empty.",
                       code="number-taken", field="number")
    if facts.namesake:
        raise Conflict(f"“{parent.name}”下已有名为“{event.name}”的{kind}（{facts.namesake}），请换一个名称，或修改原有的那个。",
                       f"Under {parent.name!r} there is a {event.kind} called {event.name!r} already ({facts.namesake}); "
                       "choose another name, or edit that one.",
                       code="name-taken", field="name")
    if event.kind is OrgKind.STATION and event.lon is None:
        raise Refused("请填写联络站的经度和纬度，否则地图上看不到它。",
                      "Give the station's longitude and latitude, or no map can show it.",
                      code="coordinates-missing", field="lon")
