"""A round from the first call to the end, on a real hub."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import pytest

from hub.app import hub_on
from hub.kernel.errors import NotFound
from media.meetings.hosting import admits, rooms
from media.meetings.messages import commands as c
from media.meetings.messages.shapes import MeetingLayout, MeetingOptions, SideRoomWish
from media.meetings.words import LayoutMode, room_of
from tests.flows.conversations.test_live import Screen, until
from tests.flows.gateway.visitor import Visitor
from tests.flows.meetings.round_table import (
    DISTRICT_3,
    DUTY,
    FIVE,
    MANY,
    RoundTable,
    refs,
    station,
)


def _seconds(speech: dict[str, Any]) -> float:
    since, until_then = map(datetime.fromisoformat, (speech["since"], speech["until"]))
    return (until_then - since).total_seconds()


async def test_a_whole_district_comes_in_at_once_goes_into_side_rooms_and_is_back(table: RoundTable) -> None:
    which = await table.open("district:1", agenda=("汛情", "会商"))
    await table.enter(which, *MANY)
    await table.ask(c.EnterMeeting, which)
    row = await table.row(which)
    assert (row["invited"], row["present"], row["hands"]) == (len(MANY) + 2, len(MANY) + 1, 0)  # with station 1 and oneself

    await table.ask(c.OpenSideRooms, which, rooms=(
        SideRoomWish(name="一组", members=refs(*MANY[:10])), SideRoomWish(name="二组", members=refs(*MANY[10:19]))))
    side = await table.stage.see("meeting_rooms", DUTY, meeting=str(which))
    assert [(one["name"], one["present"]) for one in side] == [("一组", 10), ("二组", 9)]
    assert (await table.wish(which)).members["station:40"].at_room == room_of(which, 2)
    await table.ask(c.MoveToSideRoom, which, refs=refs(40), place=1)
    assert (await table.places(which))["station:40"] == 1

    await table.ask(c.CloseSideRooms, which)
    assert set((await table.places(which)).values()) == {0}
    assert await table.stage.see("meeting_rooms", DUTY, meeting=str(which)) == []
    await table.ask(c.EndMeeting, which)
    assert (await table.row(which))["state"] == "ended"
    assert await table.refused(c.EnterMeeting, which, station(30)) == "meeting-ended"
    assert await table.mine(30) == []


async def test_a_locked_round_admits_nobody_and_who_was_removed_sees_nothing(table: RoundTable) -> None:
    which = await table.open(*refs(*FIVE))
    await table.enter(which, *FIVE[:3])
    await table.ask(c.LockMeeting, which, on=True)
    assert await table.refused(c.EnterMeeting, which, station(FIVE[4])) == "meeting-locked"
    await table.enter(which, FIVE[0])

    await table.ask(c.RemoveMember, which, ref=refs(FIVE[0])[0])
    assert await table.refused(c.RaiseHand, which, station(FIVE[0])) == "no-meeting"
    assert await table.mine(FIVE[0]) == []
    async with table.stage.hub.db.read() as conn:
        assert await admits(conn, room_of(which), station(FIVE[0])) is None
        assert await admits(conn, room_of(which), station(FIVE[4])) is None
        admitted = await admits(conn, room_of(which), station(FIVE[1]))
    assert admitted
    assert (admitted.ref, admitted.name, admitted.allowed.talk) == ("station:31", "第31站", True)


async def test_hands_come_up_in_order_and_speeches_are_filed_under_the_agenda(table: RoundTable) -> None:
    which = await table.open(*refs(*FIVE), options=MeetingOptions(everyone_talks=False), agenda=("汛情", "会商"))
    await table.enter(which, *FIVE)
    first, second = refs(FIVE[3], FIVE[1])
    for ref in (first, second):
        table.stage.later(seconds=1)
        await table.ask(c.RaiseHand, which, station(int(ref.partition(":")[2])))
    members = await table.members(which)
    assert [one["id"] for one in sorted((one for one in members.values() if one["hand"]), key=lambda one: one["hand"])] == [first, second]

    await table.ask(c.MoveAgenda, which, item=1)
    for ref in (first, second):
        table.stage.later(seconds=10)
        await table.ask(c.GiveWord, which, ref=ref)
        assert {name for name, one in (await table.wish(which)).members.items() if one.talk} == {ref}
    table.stage.later(seconds=30)
    await table.ask(c.MoveAgenda, which, item=2)
    table.stage.later(seconds=5)
    await table.ask(c.TakeWord, which)
    filed = await table.stage.see("meeting_speeches", DUTY, meeting=str(which))
    spans = [(one["ref"], one["item_name"], _seconds(one)) for one in filed]
    assert spans == [(first, "汛情", 10), (second, "汛情", 30), (second, "会商", 5)]


async def test_a_station_is_told_at_once_whether_it_answers_by_itself(table: RoundTable) -> None:
    url = table.stage.hub.settings.url
    async with Visitor.of(url, "operator") as duty, Screen.of(url, Cookie=duty.cookie) as screen:
        listed = await screen.see("meetings", state="open")
        which = await table.open(*refs(30, 31))
        assert [(one["auto_answer"], one["state"]) for one in [*await table.mine(30), *await table.mine(31)]] == [
            (True, "invited"), (False, "invited")]

        one = await screen.see("meeting", meeting=str(which))
        members = await screen.see("meeting_members", meeting=str(which))
        await table.enter(which, 30)
        layout = MeetingLayout(mode=LayoutMode.PINNED, pinned=refs(30), pushed=True)
        await table.ask(c.SetLayout, which, layout=layout)
        await table.ask(c.ShareScreen, which, station(30), on=True)
        await until(lambda: screen.rows[one][str(which)]["presenter"] == "station:30")
        await until(lambda: screen.rows[members]["station:30"]["sharing"])
        assert screen.rows[one][str(which)]["layout"] == {"mode": "pinned", "pinned": ["station:30"], "pushed": True}
        await until(lambda: screen.rows[listed].get(str(which), {}).get("present") == 1)
        await table.ask(c.RemoveMember, which, ref="station:30")
        await until(lambda: screen.rows[members]["station:30"]["state"] == "removed")


async def test_a_round_is_the_same_after_the_hub_has_begun_anew(table: RoundTable) -> None:
    which = await table.open(*refs(*FIVE))
    await table.enter(which, *FIVE)
    await table.ask(c.OpenSideRooms, which, rooms=(SideRoomWish(name="一组", members=refs(*FIVE[:2])),))
    await table.ask(c.MuteMember, which, ref=refs(FIVE[0])[0], on=True)
    before = await table.wish(which), await table.members(which)

    hub = table.stage.hub
    async with hub_on(hub.db.dsn, msgspec.structs.replace(hub.settings, port=0), table.stage.clock) as again:
        table.stage.hub = again
        assert (await table.wish(which), await table.members(which)) == before
        await table.ask(c.CloseSideRooms, which)
        assert set((await table.places(which)).values()) == {0}
        async with again.db.read() as conn:
            assert await rooms(conn) == [room_of(which)]
    table.stage.hub = hub


async def test_a_district_runs_its_own_rounds_and_knows_of_no_others(table: RoundTable) -> None:
    citys = await table.open("station:17")
    own = await table.open("station:17", actor=DISTRICT_3)
    assert [one["id"] for one in await table.stage.see("meetings", DISTRICT_3)] == [str(own)]
    assert await table.refused(c.EndMeeting, citys, DISTRICT_3) == "no-meeting"
    assert await table.refused(c.InviteToMeeting, own, DISTRICT_3, targets=("station:1",)) == "unknown-members"
    assert await table.refused(c.EndMeeting, own, station(17)) == "forbidden"
    with pytest.raises(NotFound, match="nowhere:1"):
        await table.open("station:17", "nowhere:1")
