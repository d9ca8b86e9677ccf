"""活动群聊: a closed group of those who take part in an activity; it opens with the activity, follows its list, and is closed after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

import msgspec

from dispatch.conversations.facts import known, scene_of
from dispatch.conversations.messages.commands import (
    AddMembers,
    CloseGroup,
    CreateGroup,
    GiveStanding,
    RemoveMembers,
)
from dispatch.conversations.messages.events import MemberLeft
from dispatch.conversations.model import stream
from dispatch.conversations.seats import seats_of
from dispatch.conversations.words import MAIN, MemberStanding
from hub.cases import load_case, no_case
from hub.kernel.actor import SYSTEM, Actor, Permission
from hub.kernel.errors import TryAgain
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case, may_see
from hub.kernel.messages import kind_of
from hub.record import Connection, Database, load_sql
from hub.spoke import Page, View
from hub.streams.duties import messages as m
from hub.streams.duties.activities import ACTIVITIES, OPEN, Activity
from hub.wire.codec import EventCodec

Q = load_sql(__package__)
LEFT = EventCodec((MemberLeft,))
LONGEST = 60
LOOKS = 6


def talk_of(activity: UUID) -> UUID:
    return derived("activity talk", activity)


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """An activity and its group as they are. `wanted`: who takes part now and has not left the group by himself since he registered;
    `parted`: who no longer takes part; `present`: members."""

    case: Case | None
    stands: bool = False
    closed: bool = False
    version: int = 0
    present: frozenset[str] = frozenset()
    wanted: tuple[str, ...] = ()
    parted: tuple[str, ...] = ()
    clerk: str = ""


async def talk_as_it_is(conn: Connection, activity: UUID) -> Talk:
    case, group = await load_case(conn, activity), talk_of(activity)
    if case is None or not isinstance(case.facts, Activity):
        return Talk(case=None)
    scene = await scene_of(conn, group, (MAIN,))
    rows = await conn.fetch(Q["talkers"], activity, case.facts.quota)
    clerk = await conn.fetchval(Q["seat_of_account"], case.opened_by) or ""
    reached = await known(conn, [*(row["person"] for row in rows), *([clerk] if clerk else [])], SYSTEM)
    present = frozenset(row["ref"] for row in await conn.fetch(Q["talk_members"], group))
    left = await _left(conn, group)
    return Talk(
        case=case, stands=scene is not None, closed=scene.closed if scene else False, version=scene.version if scene else 0, present=present,
        wanted=tuple(row["person"] for row in rows if row["takes_part"] and row["person"] in reached and left.get(row["person"], 0) < row["joined"]),
        parted=tuple(row["person"] for row in rows if not row["takes_part"]), clerk=clerk if clerk in reached else "")


async def _left(conn: Connection, group: UUID) -> dict[str, int]:
    """Who left the group by himself, and where that stands in the journal."""
    rows = await conn.fetch(Q["talk_left"], stream(group), kind_of(MemberLeft))
    told = ((LEFT.decode(row["type"], row["schema"], row["data"]), row["pos"]) for row in rows)
    return {event.member: pos for event, pos in told if isinstance(event, MemberLeft)}


class Talks:
    def __init__(self, db: Database, ask: Callable[[Any], Awaitable[None]]) -> None:
        self._db, self._ask = db, ask

    async def follow(self, told: list[str]) -> None:
        """Brings the group in step with the activity. Looked at again after each act: of two runs at once one is refused, and what it
        wanted is still to be done. Raises TryAgain where it never comes into step."""
        activity = UUID(told[0])
        for _ in range(LOOKS):
            async with self._db.read() as conn:
                now = await talk_as_it_is(conn, activity)
            wanted = () if now.case is None or now.closed else tuple(wishes(activity, now))
            if not wanted:
                return
            for command in wanted:
                await self._ask(command)
        raise TryAgain("活动群还在变动，稍后再整理。", "The group still changes; it is looked at again shortly.")


def wishes(activity: UUID, now: Talk) -> Iterable[Any]:
    group, runs = talk_of(activity), now.case is not None and now.case.state in OPEN
    if not now.stands:
        return _founding(group, now) if runs else ()
    if not runs:
        return (CloseGroup(id=derived("talk closed", group, now.version), conversation=group),)
    come = tuple(ref for ref in now.wanted if ref not in now.present)
    gone = tuple(ref for ref in now.parted if ref in now.present and ref != now.clerk)
    return (*([AddMembers(id=derived("talk joined", group, now.version, *come), conversation=group, members=come)] if come else []),
            *([RemoveMembers(id=derived("talk left", group, now.version, *gone), conversation=group, members=gone)] if gone else []))


def _founding(group: UUID, now: Talk) -> Iterable[Any]:
    """Owned by the main station and by the clerk who made the activity."""
    assert now.case is not None
    members = tuple(dict.fromkeys((*([now.clerk] if now.clerk else []), *now.wanted)))
    yield CreateGroup(id=group, name=now.case.facts.title[:LONGEST], members=members)
    if now.clerk:
        yield GiveStanding(id=derived("talk clerk", group), conversation=group, member=now.clerk, standing=MemberStanding.OWNER)


async def talk(conn: Connection, params: m.OfActivity, actor: Actor) -> Page:
    """Nothing for who is no member of it."""
    case = await load_case(conn, params.activity)
    if case is None or not isinstance(case.facts, Activity) or not may_see(ACTIVITIES, case, actor):
        raise no_case()
    held = seats_of(actor)
    scene = await scene_of(conn, talk_of(params.activity), held) if held else None
    rows = [m.TalkRow(id=params.activity, conversation=scene.id, members=scene.size, closed=scene.closed)] if scene and scene.seat else []
    return Page(rows, len(rows))


TALK_VIEW = View(name="activity_talk", params=m.OfActivity, row=m.TalkRow, permission=Permission.SELF, fetch=talk)
