"""The rules of groups and of conversations between two. Pure: the time is an argument."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch.conversations.messages.commands import (
    AddMembers,
    CloseGroup,
    CreateGroup,
    FollowDirectory,
    GiveStanding,
    LeaveGroup,
    MuteGroup,
    OpenDirect,
    Opened,
    RemoveMembers,
    RenameGroup,
    ReopenGroup,
    SaveRetention,
)
from dispatch.conversations.messages.events import (
    ConversationOpened,
    GroupClosed,
    GroupMuted,
    GroupRenamed,
    GroupReopened,
    Joined,
    MemberLeft,
    MembersAdded,
    MembersRemoved,
    RetentionSaved,
    StandingGiven,
)
from dispatch.conversations.seats import conversation_between, is_administrator
from dispatch.conversations.words import (
    GROUPS,
    MAIN,
    MOST_MEMBERS,
    UNITS,
    ConversationKind,
    MemberStanding,
)
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused, TooMany
from hub.kernel.messages import Event
from hub.spoke import Decision, Write


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """`seat`: who opens. `known`: the other can be written to. `held`: all seats of who opens."""

    seat: str
    held: tuple[str, ...]
    known: bool
    stands: bool


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """`path`: of the organisation, None where there is none. `enlisted`: whom the directory knows there."""

    seat: str
    path: tuple[str, ...] | None
    enlisted: tuple[str, ...]
    strangers: tuple[str, ...]
    allowed: bool


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as a command finds it; `seat` and `standing` are the asker's, None where he is no member."""

    id: UUID
    kind: ConversationKind
    name: str
    org: str
    stations: bool
    people: bool
    pair: bool
    owners_only: bool
    closed: bool
    size: int
    last_number: int
    version: int
    owners: int
    seat: str | None
    standing: MemberStanding | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """`among`: members that the command names, with their standing. `strangers`: refs nobody knows.
    `wanted`: who the directory says belongs here."""

    scene: Scene | None
    among: dict[str, MemberStanding] = {}
    strangers: tuple[str, ...] = ()
    wanted: tuple[str, ...] | None = None
    present: tuple[str, ...] = ()


def stream(conversation: UUID) -> str:
    return f"conversation-{conversation}"


# --- between two --------------------------------------------------------------------------------


def open_direct(facts: Pair, command: OpenDirect, actor: Actor, at: datetime) -> Decision:
    if command.other in facts.held:
        raise Refused("不能和自己会话，请选择别人。", "You cannot talk with yourself; choose somebody else.", field="other")
    which = UUID(conversation_between(facts.seat, command.other))
    if facts.stands:
        return Decision(result=Opened(which, False))
    if not facts.known:
        raise NotFound("找不到这个联系人，可能已停用或不在您的范围内；请重新选择。",
                       "There is nobody of this name, or not within your reach; choose again.", field="other")
    event = ConversationOpened(
        conversation=which, kind=kind_between(facts.seat, command.other), by=actor.id,
        members=tuple(Joined(ref) for ref in sorted((facts.seat, command.other))))
    return Decision(writes=(Write(stream(which), 0, (event,)),), result=Opened(which, True))


def kind_between(one: str, other: str) -> ConversationKind:
    if MAIN in (one, other):
        return ConversationKind.MAIN
    both = one.startswith("station:") and other.startswith("station:")
    return ConversationKind.STATIONS if both else ConversationKind.PERSON


# --- founding a group ---------------------------------------------------------------------------


def create_group(facts: Founding, command: CreateGroup, actor: Actor, at: datetime) -> Decision:
    if command.kind not in GROUPS:
        raise Refused("两人会话请直接发起，不用建群。", "A conversation between two is opened, not founded.", field="kind")
    if not facts.allowed:
        raise TooMany("今天建的群太多了，请明天再建，或联系管理员。",
                      "You have founded too many groups today; try again tomorrow.", code="too-many-groups")
    unit = UNITS.get(command.kind)
    if unit:
        _require_unit(facts, command, actor, unit)
    elif command.org:
        raise Refused("临时群不属于某个单位，请去掉单位或改用单位群。",
                      "An ad hoc group belongs to no organisation.", field="org")
    _require_known(facts.strangers)
    others = [ref for ref in dict.fromkeys([*facts.enlisted, *command.members]) if ref != facts.seat]
    _require_room(1 + len(others))
    event = ConversationOpened(
        conversation=command.id, kind=command.kind, name=command.name, org=command.org, by=actor.id,
        stations=bool(unit) and command.stations, people=bool(unit) and command.people,
        members=(Joined(facts.seat, MemberStanding.OWNER), *(Joined(ref) for ref in others)))
    return Decision(writes=(Write(stream(command.id), 0, (event,)),), result=Opened(command.id, True))


def _require_unit(facts: Founding, command: CreateGroup, actor: Actor, unit: str) -> None:
    if not actor.may(Permission.BROADCAST):
        raise Forbidden("只有值班员可以建区县群和部门群。", "Only operators found groups of an organisation.", field="kind")
    if not command.org.startswith(unit) or facts.path is None:
        raise Refused("请选择一个在用的单位。", "Choose an organisation of this kind that is in use.", field="org")
    if not actor.covers(facts.path):
        raise Forbidden("这个单位不在您的管辖范围内。", "This organisation lies outside your scope.", field="org")


def _require_known(strangers: Iterable[str]) -> None:
    missing = list(strangers)
    if missing:
        raise NotFound(f"找不到 {len(missing)} 个成员（{missing[0]}），可能已停用；请重新选择。",
                       f"{len(missing)} members are unknown or no longer in use ({missing[0]}); choose again.",
                       code="unknown-members", field="members")


def _require_room(size: int) -> None:
    if size > MOST_MEMBERS:
        raise Refused(f"一个群最多 {MOST_MEMBERS} 人，这样会有 {size} 人；请分成几个群。",
                      f"A group has at most {MOST_MEMBERS} members, and this would make {size}; split it.",
                      code="too-many-members", field="members")


# --- members ------------------------------------------------------------------------------------


def add_members(facts: Change, command: AddMembers, actor: Actor, at: datetime) -> Decision:
    scene = managed(facts.scene, actor)
    _require_open(scene)
    _require_known(facts.strangers)
    new = [ref for ref in dict.fromkeys(command.members) if ref not in facts.among]
    _require_room(scene.size + len(new))
    return wrote(scene, MembersAdded(conversation=scene.id, members=tuple(map(Joined, new)))) if new else Decision()


def remove_members(facts: Change, command: RemoveMembers, actor: Actor, at: datetime) -> Decision:
    scene = managed(facts.scene, actor)
    gone = [ref for ref in dict.fromkeys(command.members) if ref in facts.among]
    if scene.seat in gone:
        raise Refused("要离开请用“退出群聊”。", "To go yourself, leave the group.", field="members")
    _require_an_owner(scene, sum(facts.among[ref] is MemberStanding.OWNER for ref in gone), len(gone))
    return wrote(scene, MembersRemoved(conversation=scene.id, members=tuple(gone))) if gone else Decision()


def follow_directory(facts: Change, command: FollowDirectory, actor: Actor, at: datetime) -> Decision:
    """Owners stay, also where the directory does not know them here."""
    scene = managed(facts.scene, actor)
    if facts.wanted is None:
        raise Refused("只有区县群和部门群能按组织名册更新。", "Only groups of an organisation follow the directory.",
                      code="not-a-unit-group")
    _require_open(scene)
    new = tuple(Joined(ref) for ref in facts.wanted if ref not in facts.present)
    owners = {ref for ref, standing in facts.among.items() if standing is MemberStanding.OWNER}
    gone = tuple(ref for ref in facts.present if ref not in facts.wanted and ref not in owners)
    _require_room(scene.size + len(new) - len(gone))
    events: list[Event] = []
    if gone:
        events.append(MembersRemoved(conversation=scene.id, members=gone))
    if new:
        events.append(MembersAdded(conversation=scene.id, members=new))
    return wrote(scene, *events)


def leave_group(facts: Change, command: LeaveGroup, actor: Actor, at: datetime) -> Decision:
    scene = joined(facts.scene)
    _require_group(scene)
    _require_an_owner(scene, int(scene.standing is MemberStanding.OWNER), 1)
    assert scene.seat
    return wrote(scene, MemberLeft(conversation=scene.id, member=scene.seat))


def give_standing(facts: Change, command: GiveStanding, actor: Actor, at: datetime) -> Decision:
    scene = managed(facts.scene, actor)
    stands = facts.among.get(command.member)
    if stands is None:
        raise NotFound("他不是本群成员。", "He is no member of this group.", field="member")
    if stands is command.standing:
        return Decision()
    if stands is MemberStanding.OWNER:
        _require_an_owner(scene, 1, 0)
    return wrote(scene, StandingGiven(conversation=scene.id, member=command.member, standing=command.standing))


def _require_an_owner(scene: Scene, owners: int, leaving: int) -> None:
    if owners and scene.owners <= owners and scene.size > leaving:
        raise Refused("群里至少要有一位群主，请先把群主交给别人。",
                      "A group needs an owner; make somebody else one first.", code="last-owner")


# --- the group as a whole -----------------------------------------------------------------------


def rename(facts: Change, command: RenameGroup, actor: Actor, at: datetime) -> Decision:
    scene = managed(facts.scene, actor)
    if scene.name == command.name:
        return Decision()
    return wrote(scene, GroupRenamed(conversation=scene.id, name=command.name))


def mute(facts: Change, command: MuteGroup, actor: Actor, at: datetime) -> Decision:
    scene = managed(facts.scene, actor)
    return Decision() if scene.owners_only == command.on else wrote(scene, GroupMuted(conversation=scene.id, on=command.on))


def close(facts: Change, command: CloseGroup, actor: Actor, at: datetime) -> Decision:
    scene = managed(facts.scene, actor)
    return Decision() if scene.closed else wrote(scene, GroupClosed(conversation=scene.id))


def reopen(facts: Change, command: ReopenGroup, actor: Actor, at: datetime) -> Decision:
    scene = managed(facts.scene, actor)
    return wrote(scene, GroupReopened(conversation=scene.id)) if scene.closed else Decision()


def save_retention(facts: Any, command: SaveRetention, actor: Actor, at: datetime) -> Decision:
    require_administrator(actor)
    event = RetentionSaved(kind=command.kind, days=command.days)
    return Decision(writes=(Write("conversation-retention", -1, (event,)),))


# --- who may ------------------------------------------------------------------------------------


def wrote(scene: Scene, *events: Event) -> Decision:
    return Decision(writes=(Write(stream(scene.id), scene.version, events),)) if events else Decision()


def found(scene: Scene | None) -> Scene:
    if scene is None:
        raise no_conversation()
    return scene


def joined(scene: Scene | None) -> Scene:
    """Who is no member hears the same as of a conversation that does not exist."""
    if scene is None or scene.seat is None:
        raise no_conversation()
    return scene


def managed(scene: Scene | None, actor: Actor) -> Scene:
    scene = found(scene) if is_administrator(actor) else joined(scene)
    _require_group(scene)
    if scene.standing is not MemberStanding.OWNER and not is_administrator(actor):
        raise Forbidden("只有群主和管理员可以这样做，请联系群主。",
                        "Only owners and administrators may do this; ask an owner.", code="not-an-owner")
    return scene


def require_administrator(actor: Actor) -> None:
    if not is_administrator(actor):
        raise Forbidden("只有管辖全市的管理员可以这样做。", "Only an administrator of the city may do this.")


def _require_group(scene: Scene) -> None:
    if scene.pair:
        raise Refused("这是两人会话，没有群设置。", "This is a conversation between two, not a group.", code="not-a-group")


def _require_open(scene: Scene) -> None:
    if scene.closed:
        raise closed()


def closed() -> Conflict:
    return Conflict("这个群已关闭，只能查看；需要时请群主重新开启。",
                    "This group is closed and can only be read; an owner can open it again.", code="group-closed")


def no_conversation() -> NotFound:
    return NotFound("没有这个会话，或您不是成员。", "There is no such conversation, or you are no member of it.")
