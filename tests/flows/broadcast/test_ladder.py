"""The ladder climbs by passing time; the clock stands where the test puts it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from dispatch.messages.commands import (
    ExtendBroadcast,
    RemindUnanswered,
    ResendByRoad,
    SaveQuietHours,
)
from dispatch.messages.shapes import Audience, Until
from dispatch.words import Channel, Priority
from hub.kernel.actor import SYSTEM
from hub.kernel.errors import Conflict, Refused
from tests.flows.broadcast.stage import MORNING, Stage, person

C = Channel


async def test_each_rung_is_tried_in_its_turn_until_the_ladder_ends(stage: Stage) -> None:
    which = await stage.send("李代表", ladder=await stage.climbs(((C.SCREEN, C.PAGE), 30), (C.WECHAT, 60), (C.SMS, 60), (C.VOICE, 60)))
    await stage.until_tried(which, "李代表", ("page", "suppressed"), ("wechat", "delivered"))

    stage.later(seconds=61)
    await stage.until_tried(which, "李代表", ("page", "suppressed"), ("wechat", "delivered"), ("sms", "delivered"))

    stage.later(seconds=61)
    await stage.until_tried(which, "李代表", ("page", "suppressed"), ("wechat", "delivered"), ("sms", "delivered"),
                            ("voice", "delivered"))

    stage.later(seconds=61)
    await stage.until(lambda: stage.value("select ended from dispatch.delivery where broadcast = $1", which))
    assert await stage.outcome(which, "李代表") == "delivered"
    await stage.adds_up()


async def test_no_rung_comes_before_its_time(stage: Stage) -> None:
    which = await stage.send("李代表", ladder=await stage.climbs((C.WECHAT, 60), (C.SMS, 60)))
    await stage.until_tried(which, "李代表", ("wechat", "delivered"))

    stage.later(seconds=59)
    await stage.hub.planner.plan_once()

    assert [road for road, *_ in await stage.tries(which)] == ["wechat"]


async def test_a_confirmation_ends_the_climb(stage: Stage) -> None:
    stage.habit("李代表", wechat="confirm")
    which = await stage.send("李代表", ladder=await stage.climbs((C.WECHAT, 60), (C.SMS, 60)))
    await stage.until_outcome(which, "李代表", "confirmed")

    stage.later(seconds=600)

    async def left_out() -> dict[str, str]:
        return {row["channel"]: row["why"] for row in await stage.see("evidence", delivery=(await stage.who(which))["李代表"]["id"])
                if row["source"] == "plan" and not row["attempt"]}

    assert await stage.until(left_out) == {"sms": "already_confirmed"}
    assert stage.messages("李代表") == []


async def test_reading_is_enough_where_the_rung_asks_for_no_more(stage: Stage) -> None:
    stage.habit("李代表", wechat="read")
    which = await stage.send("李代表", ladder=await stage.climbs((C.WECHAT, 60), (C.SMS, 60), until=Until.READ))
    await stage.until_outcome(which, "李代表", "read")

    stage.later(seconds=61)
    await stage.until(lambda: stage.value("select ended from dispatch.delivery where broadcast = $1", which))

    assert stage.messages("李代表") == []


async def test_a_rung_that_failed_does_not_make_people_wait(stage: Stage) -> None:
    stage.habit("李代表", wechat="blocked")
    which = await stage.send("李代表", ladder=await stage.climbs((C.WECHAT, 3600), (C.SMS, 60)))

    await stage.until_tried(which, "李代表", ("wechat", "failed"), ("sms", "delivered"))
    await stage.adds_up()


async def test_a_busy_phone_is_called_again_and_not_more_often_than_allowed(stage: Stage) -> None:
    stage.habit("王代表", phone="busy")
    which = await stage.send("王代表", ladder=await stage.climbs((C.VOICE, 3600), tries=2))
    await stage.until_tried(which, "王代表", ("voice", "failed"), ("voice", "queued"))
    assert len(stage.calls("王代表")) == 1

    stage.later(seconds=31)

    await stage.until_tried(which, "王代表", ("voice", "failed"), ("voice", "failed"))
    await stage.until_outcome(which, "王代表", "unreachable")
    assert len(stage.calls("王代表")) == 2
    await stage.adds_up()


async def test_nobody_is_lost_without_a_road(stage: Stage) -> None:
    which = await stage.send("钱列席", ladder=await stage.climbs((C.PAGE, 60), (C.WECHAT, 60), (C.SMS, 60)))

    await stage.until_outcome(which, "钱列席", "unreachable")

    assert await stage.tries(which) == [("page", "suppressed", "offline"), ("wechat", "suppressed", "no_address"),
                                        ("sms", "suppressed", "no_address")]


async def test_an_ordinary_text_message_waits_for_the_morning(stage: Stage) -> None:
    stage.clock.at = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)))
    await stage.until_tried(which, "王代表", ("sms", "planned"))
    assert (await stage.tries(which))[0][2] == "quiet_hours"

    stage.later(hours=7, minutes=31)

    await stage.until_tried(which, "王代表", ("sms", "delivered"))
    await stage.adds_up()


@pytest.mark.parametrize("priority", [Priority.IMPORTANT, Priority.EMERGENCY])
async def test_what_matters_is_sent_by_night(stage: Stage, priority: Priority) -> None:
    stage.clock.at = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)), priority=priority)

    await stage.until_tried(which, "王代表", ("sms", "delivered"))


async def test_equal_times_switch_quiet_hours_off(stage: Stage) -> None:
    await stage.ask(SaveQuietHours(id=uuid4(), start="22:00", end="22:00"), SYSTEM)
    stage.clock.at = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)))

    await stage.until_tried(which, "王代表", ("sms", "delivered"))


async def test_reminding_climbs_once_more_for_who_did_not_answer(stage: Stage) -> None:
    stage.habit("王代表", text="confirm")
    which = await stage.send("李代表", "王代表", ladder=await stage.climbs((C.SMS, 60)))
    await stage.until_outcome(which, "王代表", "confirmed")
    await stage.until_outcome(which, "李代表", "delivered")

    await stage.ask(RemindUnanswered(id=uuid4(), broadcast=which))

    await stage.until_tried(which, "李代表", ("sms", "delivered"), ("sms", "delivered"))
    assert (len(stage.messages("李代表")), len(stage.messages("王代表"))) == (2, 1)
    await stage.adds_up()


async def test_who_has_confirmed_cannot_be_reminded(stage: Stage) -> None:
    stage.habit("王代表", text="confirm")
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)))
    await stage.until_outcome(which, "王代表", "confirmed")

    with pytest.raises(Conflict) as refused:
        await stage.ask(RemindUnanswered(id=uuid4(), broadcast=which))

    assert refused.value.code == "all-confirmed"


async def test_resending_takes_the_named_road_at_once(stage: Stage) -> None:
    which = await stage.send("李代表", "赵代表", ladder=await stage.climbs((C.WECHAT, 3600)))
    await stage.until_outcome(which, "李代表", "delivered")
    await stage.until_outcome(which, "赵代表", "delivered")

    await stage.ask(ResendByRoad(id=uuid4(), broadcast=which, channel=C.VOICE))

    await stage.until_tried(which, "李代表", ("wechat", "delivered"), ("voice", "delivered"))
    assert await stage.tries(which, "赵代表") == [("wechat", "delivered", ""), ("voice", "suppressed", "no_address")]
    await stage.adds_up()


async def test_resending_to_some_leaves_the_others_alone(stage: Stage) -> None:
    which = await stage.send("李代表", "王代表", ladder=await stage.climbs((C.PAGE, 3600)))
    await stage.until_outcome(which, "王代表", "unreachable")
    delivery = (await stage.who(which))["王代表"]["id"]

    await stage.ask(ResendByRoad(id=uuid4(), broadcast=which, channel=C.SMS, deliveries=(delivery,)))

    await stage.until_tried(which, "王代表", ("page", "suppressed"), ("sms", "delivered"))
    assert await stage.tries(which, "李代表") == [("page", "suppressed", "offline")]
    assert await stage.outcome(which, "王代表") == "delivered"


async def test_a_broadcast_closes_at_its_expiry(stage: Stage) -> None:
    which = await stage.send("钱列席", "王代表", ladder=await stage.climbs((C.SMS, 60)), expires_at=MORNING + timedelta(hours=1))
    await stage.until_outcome(which, "王代表", "delivered")

    stage.later(hours=1, seconds=1)

    async def closed() -> bool:
        return (await stage.card(which))["state"] == "closed"

    await stage.until(closed)
    assert (await stage.card(which))["outcomes"] == {"delivered": 1, "unreachable": 1}
    await stage.adds_up()


async def test_an_extended_broadcast_closes_later(stage: Stage) -> None:
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)), expires_at=MORNING + timedelta(hours=1))
    await stage.ask(ExtendBroadcast(id=uuid4(), broadcast=which, expires_at=MORNING + timedelta(hours=3)))

    stage.later(hours=2)
    await stage.hub.planner.plan_once()
    assert (await stage.card(which))["state"] == "sending"
    stage.later(hours=2)

    async def closed() -> bool:
        return (await stage.card(which))["state"] == "closed"

    await stage.until(closed)


async def test_a_scheduled_broadcast_goes_out_when_its_hour_comes(stage: Stage) -> None:
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)), send_at=MORNING + timedelta(hours=1))
    assert (await stage.card(which))["state"] == "scheduled"
    assert await stage.who(which) == {}

    stage.later(hours=1, seconds=1)

    async def arrived() -> bool:
        return [row["outcome"] for row in (await stage.who(which)).values()] == ["delivered"]

    await stage.until(arrived)
    await stage.adds_up()


async def test_after_a_long_night_a_broadcast_that_missed_its_hours_still_ends(stage: Stage) -> None:
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)), send_at=MORNING + timedelta(hours=1),
                             expires_at=MORNING + timedelta(hours=2))

    stage.later(hours=12)

    async def closed() -> bool:
        return (await stage.card(which))["state"] == "closed"

    await stage.until(closed)
    assert stage.messages("王代表") == []


async def test_who_joins_before_the_hour_is_reached_too(stage: Stage) -> None:
    from hub.directory.messages.commands import SavePerson
    from hub.directory.messages.shapes import PersonKind

    which = await stage.send(ladder=await stage.climbs((C.SMS, 60)), send_at=MORNING + timedelta(hours=1),
                             audience=Audience(orgs=("station:1",)))
    await stage.ask(SavePerson(id=uuid4(), person=person("新代表"), kind=PersonKind.DEPUTY, name="新代表", org="station:1",
                               phone="+8619900000009"), SYSTEM)

    stage.later(hours=1, seconds=1)

    async def reached() -> bool:
        return set(await stage.who(which)) == {"赵代表", "钱列席", "新代表", "名station:1"}

    await stage.until(reached)


async def test_an_opt_out_holds_but_for_emergencies(stage: Stage) -> None:
    from hub.directory.messages.commands import SavePerson
    from hub.directory.messages.shapes import PersonKind

    await stage.ask(SavePerson(id=uuid4(), person=person("孙代表"), kind=PersonKind.DEPUTY, name="孙代表", org="station:1",
                               phone="+8619900000010", opt_out=("sms",)), SYSTEM)
    code = await stage.climbs((C.SMS, 60))

    quiet = await stage.send("孙代表", ladder=code)
    loud = await stage.send("孙代表", ladder=code, priority=Priority.EMERGENCY)

    await stage.until_tried(loud, "孙代表", ("sms", "delivered"))
    assert await stage.tries(quiet) == [("sms", "suppressed", "opt_out")]


async def test_a_road_that_is_not_set_up_cannot_be_chosen() -> None:
    from dispatch import model
    from dispatch.messages.commands import ResendByRoad
    from dispatch.words import BroadcastState

    at = MORNING
    stands = model.Standing(id=uuid4(), state=BroadcastState.SENDING, by="x", scopes=("city",), send_at=at,
                            expires_at=at, version=1, unanswered=1, outcomes={})

    with pytest.raises(Refused) as refused:
        model.resend(frozenset(), stands, ResendByRoad(id=uuid4(), broadcast=stands.id, channel=C.SMS), SYSTEM, at)

    assert refused.value.code == "no-carrier"
