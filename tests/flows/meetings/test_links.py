"""People are sent the way into a round or a call, by the roads they have; and a round that nobody is in ends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from dispatch.ports import Sighting
from dispatch.told import Told
from dispatch.words import Channel, State
from hub.kernel.actor import SYSTEM
from hub.kernel.clock import SetClock
from media.calls.messages import commands as calls
from media.calls.words import CallKind
from media.meetings.forgotten import Forgotten
from media.meetings.messages import commands as c
from media.meetings.messages.shapes import MeetingOptions
from scripts.carriers_sim.reader import link_of
from tests.flows.broadcast.stage import ref, self_of
from tests.flows.gateway.visitor import Visitor
from tests.flows.meetings.round_table import DUTY, RoundTable, refs, station

LI, WANG = "李代表", "王代表"
"""He has WeChat and a telephone; he a telephone alone."""


def opens(message: Any) -> str:
    """The page that its link opens."""
    return parse_qs(urlsplit(link_of(message)).query)["open"][0]


async def told(table: RoundTable, page: str, *names: str) -> dict[str, tuple[str, str]]:
    """Once it is so: by which road the link went to each, and how far it came."""
    async def arrived() -> Any:
        rows = {row["id"]: (row["channel"], row["state"]) for row in await table.stage.see("invitations", DUTY, page=page)}
        found = {name: rows[ref(name)] for name in names if ref(name) in rows}
        return found if len(found) == len(names) and all(state == "delivered" for _, state in found.values()) else None

    found: dict[str, tuple[str, str]] = await table.stage.until(arrived)
    return found


async def test_people_invited_to_a_round_are_sent_a_link_by_wechat_or_sms_that_opens_it_and_stations_are_not(table: RoundTable) -> None:
    which = await table.open(ref(LI), ref(WANG), *refs(17))
    page = f"meetings/{which}"
    assert await told(table, page, LI, WANG) == {LI: ("wechat", "delivered"), WANG: ("sms", "delivered")}
    stage = table.stage
    [notice], [message] = stage.notices(LI), stage.messages(WANG)
    assert (opens(notice), opens(message), stage.messages(LI)) == (page, page, [])
    assert "防汛会商" in message.body

    async with Visitor.of(stage.hub.url) as phone:
        token = urlsplit(link_of(notice)).path.rpartition("/")[2]
        async with phone.web.post(f"{stage.hub.url}/api/sign-in/link", json={"token": token}) as answer:
            assert answer.status == 200
    await table.ask(c.EnterMeeting, which, self_of(LI))
    assert (await table.members(which))[ref(LI)]["state"] == "in"

    quiet = await table.open(ref(WANG), options=MeetingOptions(links=False))
    await table.ask(c.InviteToMeeting, which, targets=(ref("赵代表"),))
    assert await told(table, page, "赵代表") == {"赵代表": ("wechat", "delivered")}
    assert await stage.see("invitations", DUTY, page=f"meetings/{quiet}") == []


async def test_a_vendor_that_tells_before_its_answer_is_noted_is_believed(table: RoundTable) -> None:
    stage = table.stage
    await stage.strike(Channel.WECHAT, outage="hang")
    which = await table.open(ref(LI))

    async def begun() -> Any:
        return await stage.value("select id from dispatch.renewal where page = $1", f"meetings/{which}")

    letter = await stage.until(begun)
    await stage.hub.receipts.sighted([Sighting(key="early", channel=Channel.WECHAT, provider_id="early", state=State.DELIVERED)])

    async def waits() -> Any:
        return await stage.value("select count(*) from dispatch.inbox where due > at")

    await stage.until(waits)
    await stage.hub.receipts.put([Told(key="submit", source="submit", state=State.ACCEPTED, channel=Channel.WECHAT, attempt=letter,
                                       provider_id="early")])
    assert await told(table, f"meetings/{which}", LI) == {LI: ("wechat", "delivered")}


async def test_who_is_called_to_several_and_is_away_gets_a_link_with_which_he_may_still_come(table: RoundTable) -> None:
    stage = table.stage
    stage.hub.presence.arrive(ref(WANG), "a page", stage.clock.at)
    start = calls.StartCall(id=uuid4(), kind=CallKind.GROUP, targets=(ref(LI), ref(WANG)), title="防汛")
    call = UUID((await stage.ask(start, DUTY))["call"])
    await told(table, f"calls/{call}", LI)
    assert opens(stage.notices(LI)[0]) == f"calls/{call}"
    assert stage.messages(WANG) == [], "he sees it ring"

    await stage.ask(calls.AnswerCall(id=uuid4(), call=call), self_of(WANG))
    for who in (DUTY.id, ref(WANG)):
        await stage.ask(calls.SeePeer(id=uuid4(), call=call, ref=who, up=True), SYSTEM)
    stage.later(seconds=31)

    async def late() -> bool:
        return [(row["id"], row["late"]) for row in await stage.see("my_calls", self_of(LI))] == [(str(call), True)]

    await stage.until(late)
    await stage.ask(calls.AnswerCall(id=uuid4(), call=call), self_of(LI))


async def test_a_round_that_nobody_is_in_ends_after_the_minutes_it_was_given_and_says_why(table: RoundTable) -> None:
    stage, clock = table.stage, SetClock(table.stage.clock.at)
    here: list[bool | None] = []
    watching = Forgotten(stage.hub.db, stage.hub.desk.ask, lambda _meeting: here[-1], clock)

    async def due() -> Any:
        return await stage.value("select payload from work.jobs where kind = 'meeting.look'")

    which = await table.open(*refs(17), options=MeetingOptions(empty_minutes=5))
    for somebody, minutes, ended in ((True, 30, False), (False, 0, False), (None, 9, False), (True, 1, False), (False, 0, False), (False, 4, False),
                                     (False, 2, True)):
        here.append(somebody)
        clock.at += timedelta(minutes=minutes)
        await watching.look(await due())
        assert (bool((await table.row(which))["ended_at"]), bool(await due())) == (ended, not ended)

    assert (await table.row(which))["why"] == "empty"
    assert await stage.value("select actor from work.audit where act = 'EndMeeting'") == "system"


async def test_who_talks_beside_the_round_neither_hears_nor_is_heard_and_is_back_in_his_place(table: RoundTable) -> None:
    which = await table.open(*refs(17, 18))
    await table.enter(which, 17, 18)
    await table.ask(c.GiveWord, which, ref="station:17")
    await table.ask(c.StepAside, which, station(17), on=True)
    may = (await table.wish(which)).members["station:17"]
    assert (may.hear, may.talk, may.show) == (False, False, False)
    assert ((await table.members(which))["station:17"]["aside"], (await table.mine(17))[0]["aside"]) == (True, True)

    await table.ask(c.StepAside, which, station(17), on=False)
    may = (await table.wish(which)).members["station:17"]
    assert (may.hear, may.talk, may.show, (await table.row(which))["word"]) == (True, True, True, "station:17")
    await table.ask(c.StepAside, which, station(18), on=True)
    await table.ask(c.LeaveMeeting, which, station(18))
    await table.enter(which, 18)
    assert not (await table.members(which))["station:18"]["aside"]
