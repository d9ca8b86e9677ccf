"""What goes with an activity: its group, the reminder of the day before; what deputies subscribe to and book; the book of one."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest
from pypdf import PdfReader

from hub.access.tokens import make_link
from hub.cases.rebuild import rebuild
from hub.directory.messages.commands import SaveOrganisation
from hub.kernel.actor import Actor, Role
from hub.kernel.calendar import DAY
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.streams.duties.talks import talk_of
from tests.flows.duties.stage import (
    AT,
    CHAIRS,
    CLERK,
    FOUR,
    HALL,
    ONE,
    STARTS,
    THREE,
    TWO,
    DutyStage,
    uid,
)
from tests.lives import SYSTEM

STATION = Actor(id="station:17", name="十七站", roles=(Role.STATION,), scopes=("station:17",))
DESK = "desk:cases.committee"


async def people_in(duty: DutyStage, group: str) -> set[str]:
    async with duty.hub.db.read() as conn:
        return {row["ref"] for row in await conn.fetch("select ref from talk.member where conversation = $1 and ref like 'person:%'", UUID(group))}


async def broadcasts(duty: DutyStage, words: str) -> list[str]:
    """Whom the broadcasts with these words went to, one after the other."""
    async with duty.hub.db.read() as conn:
        return [row["ref"] for row in await conn.fetch(
            "select d.ref from dispatch.delivery d join dispatch.broadcast b on b.id = d.broadcast where b.text like '%' || $1 || '%' order by 1", words)]


async def test_the_group_of_an_activity_follows_who_takes_part_and_closes_after_it(duty: DutyStage):
    case = await duty.published(quota=2)
    for one in (ONE, TWO, THREE):
        await duty.ask("RegisterForActivity", one, activity=case)

    async def talk(actor: Actor = ONE) -> dict[str, Any] | None:
        return next(iter(await duty.see("activity_talk", actor, activity=str(case))), None)

    async def talks(*who: Actor) -> bool:
        found = await talk()
        return found is not None and await people_in(duty, found["conversation"]) == {one.id for one in who}

    await duty.until(lambda: talks(ONE, TWO))
    assert await talk(THREE) is None, "who waits is no member yet"
    group = (await talk() or {})["conversation"]
    await duty.ask("SendMessage", ONE, conversation=group, text="明早八点半在街道门口集合")
    with pytest.raises(NotFound):
        await duty.ask("SendMessage", THREE, conversation=group, text="我也去")

    await duty.ask("AskActivityLeave", TWO, activity=case, reason="出差")
    await duty.until(lambda: talks(ONE, THREE))
    duty.at(STARTS + timedelta(hours=4))
    await duty.take("EndActivity", CLERK, case)

    async def closed() -> bool:
        return bool((await talk() or {})["closed"])

    await duty.until(closed)
    with pytest.raises(Conflict, match="closed"):
        await duty.ask("SendMessage", ONE, conversation=group, text="照片发群里")
    assert [row["text"] for row in await duty.see("messages", ONE, conversation=group)] == ["明早八点半在街道门口集合"]


async def test_who_leaves_the_group_by_himself_stays_away_until_he_registers_anew(duty: DutyStage):
    case = await duty.published()

    async def talks(*who: Actor) -> bool:
        found = next(iter(await duty.see("activity_talk", ONE, activity=str(case))), None)
        return found is not None and await people_in(duty, found["conversation"]) == {one.id for one in who}

    for one in (ONE, TWO):
        await duty.ask("RegisterForActivity", one, activity=case)
    await duty.until(lambda: talks(ONE, TWO))
    await duty.ask("LeaveGroup", TWO, conversation=talk_of(case))
    await duty.ask("RegisterForActivity", THREE, activity=case)
    await duty.until(lambda: talks(ONE, THREE))  # the list was followed again, and he was left in peace

    await duty.ask("CancelRegistration", TWO, activity=case)
    await duty.ask("RegisterForActivity", TWO, activity=case)
    await duty.until(lambda: talks(ONE, TWO, THREE))


async def test_who_is_registered_is_reminded_the_day_before_once_and_late_after_an_outage(duty: DutyStage):
    first, later = await duty.published(), await duty.published(title="第二天的视察", starts=STARTS + DAY, ends=STARTS + DAY + timedelta(hours=2))
    for case in (first, later):
        await duty.ask("RegisterForActivity", ONE, activity=case)

    duty.at(STARTS - DAY)
    await duty.until(duty.notice(ONE, "将于05月20日09:00在望江街道举行，请准时参加。"))
    duty.at(STARTS + timedelta(hours=5))  # the second one's hour was five hours ago
    await duty.until(duty.notice(ONE, "将于05月21日09:00在望江街道举行，请准时参加（系统停机期间到点，补发）。"))

    reminders = [row for row in await duty.see("case_notices", ONE) if "请准时参加" in row["zh"]]
    assert [(row["case"], row["late"]) for row in reminders] == [(str(later), True), (str(first), False)]
    assert not [row for row in await duty.see("case_notices", TWO) if "请准时参加" in row["zh"]], "who is not registered is not reminded"

    async def sent() -> bool:
        return await broadcasts(duty, "请准时参加") == [ONE.id, ONE.id]

    await duty.until(sent)


async def test_what_was_subscribed_to_alerts_once_and_only_whom_it_may(duty: DutyStage):
    await duty.hub.desk.ask(SaveOrganisation(id=uuid4(), organisation="station:17", parent="district:1", name="望江站", lon=120.7, lat=28.0), SYSTEM)
    mine = uuid4()
    await duty.ask("SaveSubscription", FOUR, subscription=mine, words=["舊小區"], streams=["activities"])
    await duty.ask("SaveSubscription", FOUR, subscription=uuid4(), topics=["activities/inspection"])
    for holder, actor, word in ((STATION.id, CLERK, "停车"), (STATION.id, CLERK, "小区"), (DESK, CHAIRS, "停车难"), (DESK, CHAIRS, "电梯")):
        await duty.ask("SaveSubscription", actor, subscription=uuid4(), words=[word], holder=holder)
    for other, bad in ((FOUR, {"words": ["电 "]}), (FOUR, {"words": []}), (FOUR, {"words": ["电梯"], "streams": ["nothing"]}),
                       (FOUR, {"topics": ["activities/nothing"]}), (FOUR, {"words": ["电梯"], "holder": ONE.id}), (ONE, {"words": ["电梯"], "holder": DESK}), (ONE, {"words": ["电梯"], "holder": STATION.id})):
        with pytest.raises(Refused):
            await duty.ask("SaveSubscription", other, subscription=uuid4(), **bad)
    with pytest.raises(NotFound):
        await duty.ask("EndSubscription", ONE, subscription=mine)

    await duty.published(title="老旧小区加装电梯视察", questions=[{"text": "停车难怎么解决"}])
    await duty.until(duty.notice(FOUR, "您订阅的“舊小區”有新内容：代表活动“老旧小区加装电梯视察”。"))
    await duty.until(duty.notice(STATION, "您订阅的“小区”"))  # questions are for who is invited and for the desks
    await duty.until(duty.notice(CHAIRS, "您订阅的“停车难”"))
    closed = uuid4()
    await duty.take("RecordDuty", ONE, closed, title="走访老旧小区电梯", kind="visit", on="2026-05-10", text="走访")

    async def told() -> bool:
        return await broadcasts(duty, "您订阅的") == [FOUR.id, "station:17"]

    await duty.until(told)
    await duty.until(duty.notice(CHAIRS, "您订阅的“电梯”有新内容：履职记录"))
    assert len([row for row in await duty.see("case_notices", FOUR) if "您订阅" in row["zh"]]) == 1, "two subscriptions, one alert; nothing of what is not public"
    assert [(row["hits"], row["holder_name"]) for row in await duty.see("subscriptions", FOUR)] == [(1, "代表4"), (0, "代表4")]
    assert [row["hits"] for row in await duty.see("subscriptions", STATION)] == [0, 1]
    assert [row["title"] for row in await duty.see("subscription_hits", FOUR, subscription=str(mine))] == ["老旧小区加装电梯视察"]

    await duty.ask("EndSubscription", FOUR, subscription=mine)
    await duty.take("ApproveDuty", CLERK, closed)
    await duty.until(duty.notice(STATION, "履职记录“走访老旧小区电梯”"))
    assert len([row for row in await duty.see("case_notices", FOUR) if "您订阅" in row["zh"]]) == 1, "what was ended alerts no more"
    assert await rebuild(duty.hub.db, duty.hub.journal, keep=False) == {}


async def four_topics(duty: DutyStage) -> list[UUID]:
    found = [uuid4() for _ in range(4)]
    for case in found:
        await duty.take("DraftTopic", CLERK, case, title="老旧小区改造监督", kind="supervision", year=2026, quota=2, specialities=["城建"], until="2026-05-14")
        await duty.take("OpenTopic", CLERK, case)
    return found


async def test_a_topic_is_booked_by_who_may_and_no_more_than_the_rules_allow(duty: DutyStage):
    topic, *more = await four_topics(duty)
    with pytest.raises(Refused, match="legislation or supervision"):
        await duty.take("DraftTopic", CLERK, uuid4(), title="没有类别的", kind="nothing", year=2026, until="2026-05-14")
    await duty.ask("BookTopic", TWO, topic=topic)
    for case in (topic, *more[:2]):
        await duty.ask("BookTopic", ONE, topic=case)
    with pytest.raises(Conflict, match="At most 3"):
        await duty.ask("BookTopic", ONE, topic=more[2])
    with pytest.raises(Conflict, match="already"):
        await duty.ask("BookTopic", TWO, topic=topic)
    assert [(row["mine"], row["left"]) for row in await duty.see("year_topics", TWO, year=2026) if row["id"] == str(topic)] == [(True, 2)]

    async def announced() -> bool:
        return len(await broadcasts(duty, "有4个正在预约")) == 4

    duty.at(AT + timedelta(minutes=11))
    await duty.until(announced)
    await duty.ask("UnbookTopic", ONE, topic=topic)
    await duty.ask("BookTopic", ONE, topic=more[2])
    with pytest.raises(Conflict, match="not booked"):
        await duty.ask("UnbookTopic", ONE, topic=topic)

    await duty.ask("SaveRules", SYSTEM, stream="duty_topics", valid_from="2026-05-11", rules={"most": 4})
    assert {row["left"] for row in await duty.see("year_topics", ONE, year=2026)} == {1}
    await duty.ask("BookTopic", ONE, topic=topic)


async def test_a_topic_is_balanced_and_who_was_chosen_is_invited_and_counted(duty: DutyStage):
    topic, other, *_ = await four_topics(duty)
    await duty.take("TakeOverDeputy", CLERK, uuid4(), person=str(uid(3)), term="第十六届", elected_on="2022-01-20", specialities=["城建"])
    for one in (ONE, TWO, THREE):
        await duty.ask("BookTopic", one, topic=topic)
    duty.on(date(2026, 5, 15))
    await duty.until(duty.state_is(topic, "closed"))
    rows = await duty.see("topic_bookings", CLERK, topic=str(topic))
    assert [(row["name"], row["fits"], row["proposed"]) for row in rows] == [("代表1", False, True), ("代表2", False, False), ("代表3", True, True)]
    with pytest.raises(Refused, match="did not book"):
        await duty.take("ConfirmTopic", CLERK, topic, people=[str(uid(4))])
    await duty.take("ConfirmTopic", CLERK, topic)
    with pytest.raises(Conflict):
        await duty.ask("UnbookTopic", ONE, topic=topic)

    with pytest.raises(Refused, match="not confirmed"):
        await duty.published(of_topic=str(other))
    case = await duty.published(of_topic=str(topic))
    assert {one["ref"] for one in (await duty.see("case", CLERK, case=str(case)))[0]["parties"]["invited"]} == {ONE.id, THREE.id}
    await duty.ask("RegisterForActivity", THREE, activity=case)
    duty.at(STARTS)
    await duty.ask("SignInToActivity", THREE, activity=case, way="place", accuracy=10.0, **HALL)

    async def counted() -> bool:
        return await duty.score(THREE) == 3.0

    await duty.until(counted)
    await duty.ask("JudgeSignIn", CLERK, activity=case, person=str(uid(3)), valid=True, note="现场核实")
    assert await rebuild(duty.hub.db, duty.hub.journal, keep=False) == {}


MAYBE_SENT = """select (select count(*) from work.jobs where kind in ('duties.moved_up', 'duties.topics_open', 'duties.talk', 'duties.count'))
 + (select count(*) from dispatch.broadcast where title = '活动候补转正' or title like '%选题预约')"""


async def test_rows_written_anew_send_nothing_even_when_command_ids_are_forgotten(duty: DutyStage):
    case = await duty.published(quota=1)
    for one in (ONE, TWO):
        await duty.ask("RegisterForActivity", one, activity=case)
    await duty.ask("AskActivityLeave", ONE, activity=case, reason="出差")
    await four_topics(duty)
    duty.at(AT + timedelta(minutes=11))

    async def sent() -> bool:
        """Both broadcasts, and no errand waits."""
        async with duty.hub.db.read() as conn:
            return bool(await conn.fetchval(MAYBE_SENT) == 2 and len(await broadcasts(duty, "有4个正在预约")) == 4)

    await duty.until(sent)
    async with duty.hub.db.transaction() as conn:
        await conn.execute("delete from es.commands")
    assert await rebuild(duty.hub.db, duty.hub.journal) == {}
    async with duty.hub.db.read() as conn:
        assert await conn.fetchval(MAYBE_SENT) == 2, "in one look: no errand waits again, and none has run again"


async def test_a_score_is_appealed_against_and_a_year_is_not_frozen_over_it(duty: DutyStage):
    appeal = uuid4()
    await duty.take("AppealScore", ONE, appeal, year=2026, text="少计了两次走访")
    with pytest.raises(Refused, match="waits for its answer"):
        await duty.take("AppealScore", ONE, uuid4(), year=2026, text="再申诉一次")
    with pytest.raises(Refused, match="not come yet"):
        await duty.take("AppealScore", ONE, uuid4(), year=2027, text="明年的申诉")
    duty.on(date(2027, 1, 10))
    with pytest.raises(Conflict, match="not settled"):
        await duty.ask("FreezeDutyYear", CLERK, year=2026)
    with pytest.raises(Refused, match="Zero"):
        await duty.take("ChangeScore", CLERK, appeal, points=0, answer="核实")
    with pytest.raises(Forbidden):
        await duty.take("ChangeScore", ONE, appeal, points=4, answer="自己改")
    await duty.take("ChangeScore", CLERK, appeal, points=4, answer="核实两次走访未计")
    [row] = await duty.see("duty_scores", ONE, year=2026)
    assert (row["counted"], row["adjusted"], row["total"], row["rank"]) == (0.0, 4.0, 4.0, 1)
    await duty.ask("FreezeDutyYear", CLERK, year=2026)
    with pytest.raises(Refused, match="frozen"):
        await duty.take("AppealScore", ONE, uuid4(), year=2026, text="还是不对")


async def test_the_first_absence_warns_and_who_is_suspended_does_no_duties(duty: DutyStage):
    case, mandate = await duty.published(), uuid4()
    await duty.take("TakeOverDeputy", CLERK, mandate, person=str(uid(1)), term="第十六届", elected_on="2022-01-20")
    await duty.take("RecordAbsence", CLERK, mandate, session="第五次会议", held_on="2026-04-01", approved=False)
    await duty.until(duty.notice(ONE, "再有一次代表资格即应终止"))
    await duty.until(duty.notice(CHAIRS, "再有一次代表资格即应终止"))
    await duty.take("SuspendDeputy", CHAIRS, mandate, topic="custody")
    with pytest.raises(Forbidden, match="rests"):
        await duty.ask("RegisterForActivity", ONE, activity=case)
    with pytest.raises(Refused, match="rests"):
        await duty.take("RecordDuty", ONE, uuid4(), title="走访群众", kind="visit", on="2026-05-10", text="走访")


async def test_the_book_of_a_deputy_on_the_screen_and_as_pdf(duty: DutyStage):
    mandate, done = uuid4(), uuid4()
    await duty.take("TakeOverDeputy", CLERK, mandate, person=str(uid(1)), term="第十六届", elected_on="2022-01-20", specialities=["教育"])
    await duty.take("RecordAbsence", CLERK, mandate, session="第五次会议", held_on="2026-04-01", approved=False)
    await duty.take("RecordDuty", ONE, done, title="走访十户群众", kind="visit", on="2026-05-10", text="走访十户", hours=2.5)
    await duty.take("ApproveDuty", CLERK, done)

    [mine], [others] = [await duty.see("deputy_book", actor, person=str(uid(1)), year=2026) for actor in (ONE, TWO)]
    figures = {one["id"]: (one["n"], one["of"]) for one in mine["figures"]}
    assert (figures["records"], figures["hours"], figures["missed"], figures["groups"]) == ((1, None), (2.5, None), (1, 1), (0, 3))
    assert [(one["day"], one["title"]) for one in mine["timeline"]] == [("2026-05-10", "走访十户群众"), ("2026-04-01", "第五次会议")]
    assert ([one["title"] for one in others["timeline"]], others["score"], "missed" in {one["id"] for one in others["figures"]}) == (["走访十户群众"], None, False)
    [volume] = await duty.see("deputy_book", ONE, person=str(uid(1)), term="第十六届")
    assert [one["day"] for one in volume["timeline"]] == ["2026-05-10", "2026-04-01", "2022-01-20"]
    with pytest.raises(NotFound):
        await duty.see("deputy_book", ONE, person=str(uid(1)), term="第一届")
    [district] = await duty.see("deputy_spread", CLERK, year=2026)
    assert (district["id"], district["deputies"], district["active"], district["records"], district["hours"]) == ("district:1", 4, 1, 1, 2.5)
    assert [(one["name"], one["records"]) for one in await duty.see("deputies_placed", CLERK, year=2026, place="district:1")][:2] == [("代表1", 1), ("代表2", 0)]

    link = make_link(duty.hub.access.key, uid(1), None, duty.clock.now(), timedelta(days=1))
    async with aiohttp.ClientSession(headers={"Authorization": f"Link {link}"}) as web:
        async with web.get(f"{duty.hub.url}/api/books/{uid(1)}.pdf?year=2026") as answer:
            assert (answer.status, answer.content_type) == (200, "application/pdf")
            written = text_of(await answer.read())
        for bad, status in ((f"{uid(9)}.pdf", 404), ("nobody.pdf", 404), (f"{uid(1)}.pdf?year=26", 400), (f"{uid(1)}.pdf?term=none", 404)):
            async with web.get(f"{duty.hub.url}/api/books/{bad}") as answer:
                assert answer.status == status, bad
    async with aiohttp.ClientSession() as web, web.get(f"{duty.hub.url}/api/books/{uid(1)}.pdf") as answer:
        assert answer.status == 401
    assert "走访十户群众" in written
    assert "未经批准缺席" in written


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
