"""Years, terms and mandates as an outsider changes them: points of the year they belong to, and who is a deputy now."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from hub.cases.rebuild import rebuild
from hub.kernel.actor import Role
from hub.kernel.errors import Forbidden, NotFound, Refused
from tests.flows.duties.stage import CHAIRS, CLERK, ONE, STARTS, TWO, DutyStage, uid
from tests.lives import sitting

ADMIN = sitting(Role.ADMINISTRATOR)


async def test_a_frozen_year_keeps_its_points_whatever_is_saved_or_missed_later(duty: DutyStage):
    mandate = uuid4()
    await duty.take("TakeOverDeputy", CLERK, mandate, person=str(uid(1)), term="第十六届", elected_on="2022-01-20")
    await duty.take("RecordAbsence", CLERK, mandate, session="第四次会议", held_on="2025-12-20", approved=False)

    async def points(year: int, **more: int) -> tuple[int, float, int]:
        [row] = await duty.see("duty_scores", ONE, year=year, **more)
        return row["missed"], row["total"], row["version"]

    assert [await points(2025), await points(2026)] == [(1, -5.0, 0), (0, 0.0, 0)], "it was missed in one year"
    await duty.ask("FreezeDutyYear", CLERK, year=2025)
    duty.at(duty.clock.at + timedelta(hours=1))
    await duty.ask("SaveRules", ADMIN, stream="duty_records", valid_from="2025-01-01", rules={"absence": -50})
    assert await points(2025) == (1, -5.0, 0)
    assert await points(2025, version=1) == (1, -50.0, 1), "any version can be asked for"
    with pytest.raises(NotFound):
        await points(2025, version=7)
    with pytest.raises(Refused, match="2025 is frozen"):
        await duty.take("RecordAbsence", CLERK, mandate, session="第三次会议", held_on="2025-06-20", approved=False)


async def test_who_was_elected_again_is_invited_and_whose_mandate_ended_puts_no_suggestion(duty: DutyStage):
    first, second, again = uuid4(), uuid4(), uuid4()
    for mandate, n in ((first, 1), (second, 2)):
        await duty.take("TakeOverDeputy", CLERK, mandate, person=str(uid(n)), term="第十五届", elected_on="2017-01-20")
        await duty.take("EndMandate", CHAIRS, mandate, topic="moved", ended_on="2020-01-20")
    sixteenth = {"person": str(uid(1)), "term": "第十六届", "elected_on": "2022-01-20"}
    await duty.take("TakeOverDeputy", CLERK, again, **sixteenth)
    with pytest.raises(Refused, match="already"):
        await duty.take("TakeOverDeputy", CLERK, uuid4(), **sixteenth)

    case = await duty.published(groups=["望江代表团"], starts=STARTS, ends=STARTS + timedelta(hours=2))
    [shown] = await duty.see("case", CLERK, case=str(case))
    invited = {party["ref"] for party in shown["parties"]["invited"]}
    assert ONE.id in invited
    assert TWO.id not in invited
    text = {"title": "关于加装电梯的建议", "topic": "urban.housing", "situation": "老人多。", "analysis": "资金难。", "advice": "请补助。"}
    await duty.take("DraftProposal", ONE, uuid4(), **text)
    with pytest.raises(Refused, match="not a deputy in office"):
        await duty.take("DraftProposal", TWO, uuid4(), **text)


async def test_all_whom_the_directory_knows_are_registered_at_once(duty: DutyStage):
    await duty.take("TakeOverDeputy", CLERK, uuid4(), person=str(uid(1)), term="第十六届", elected_on="2022-01-20")
    with pytest.raises(Refused, match="not come yet"):
        await duty.ask("TakeOverDeputies", CLERK, term="第十六届", elected_on="2026-06-01")
    assert await duty.ask("TakeOverDeputies", CLERK, term="第十六届", elected_on="2022-01-12") == {"taken": 3}
    rows = await duty.see("cases", CLERK, stream="mandates")
    assert {(row["title"], row["state"]) for row in rows} == {(f"代表{n}（第十六届）", "in_office") for n in range(1, 5)}
    with pytest.raises(Refused, match="no deputy of 第十六届 who is not registered yet"):
        await duty.ask("TakeOverDeputies", CLERK, term="第十六届", elected_on="2022-01-12")
    with pytest.raises(Forbidden):
        await duty.ask("TakeOverDeputies", ONE, term="第十七届", elected_on="2026-05-01")
    assert await rebuild(duty.hub.db, duty.hub.journal, keep=False) == {}


async def test_with_a_new_term_the_old_mandates_are_over_and_only_who_was_elected_again_goes_on(duty: DutyStage):
    old = [uuid4(), uuid4()]
    for mandate, n in zip(old, (1, 2), strict=True):
        await duty.take("TakeOverDeputy", CLERK, mandate, person=str(uid(n)), term="第十六届", elected_on="2022-01-10")
    await duty.ask("ChangeTerm", CLERK, term="第十六届", since="2022-01-18")
    await duty.ask("ChangeTerm", CLERK, term="第十七届", since="2027-01-18")
    again, late = uuid4(), uuid4()
    duty.at(datetime.fromisoformat("2027-01-15T09:00:00+08:00"))
    await duty.take("TakeOverDeputy", CLERK, again, person=str(uid(1)), term="第十七届", elected_on="2027-01-05")
    assert [(await duty.row(mandate))["state"] for mandate in (*old, again)] == ["in_office"] * 3, "what is entered beforehand waits for its day"

    duty.at(datetime.fromisoformat("2027-01-18T09:00:00+08:00"))
    for mandate in old:
        await duty.until(duty.state_is(mandate, "expired"))
    assert (await duty.row(again))["state"] == "in_office"
    [book] = await duty.see("deputy_book", CLERK, person=str(uid(1)))
    assert [(one["term"], one["ends"], one["state_zh"]) for one in book["volumes"]] == [("第十六届", "2027-01-18", "任满"), ("第十七届", "", "在任")]
    case = await duty.published(groups=["望江代表团"], starts=duty.clock.at + timedelta(days=9), ends=duty.clock.at + timedelta(days=9, hours=2),
                                deadline=duty.clock.at + timedelta(days=8))
    invited = {party["ref"] for party in (await duty.see("case", CLERK, case=str(case)))[0]["parties"]["invited"]}
    assert (ONE.id in invited, TWO.id in invited) == (True, False)

    await duty.take("TakeOverDeputy", CLERK, late, person=str(uid(3)), term="第十六届", elected_on="2026-12-01")
    duty.at(duty.clock.at + timedelta(minutes=11))
    await duty.until(duty.state_is(late, "expired"))


async def test_a_suggestion_counts_for_the_year_in_which_it_was_accepted(duty: DutyStage):
    case, begun = uuid4(), datetime.fromisoformat("2026-12-30T10:00:00+08:00")
    duty.at(begun)
    await duty.take("DraftProposal", ONE, case, title="关于加装电梯的建议", topic="urban.housing", situation="老人多。", analysis="资金难。", advice="请补助。")
    duty.at(begun + timedelta(days=6))
    await duty.take("SubmitProposal", ONE, case, one_matter=True)
    await duty.take("AcceptProposal", CLERK, case, topic="urban.housing")
    duty.at(begun + timedelta(days=7))

    async def counted() -> bool:
        records = await duty.see("cases", ONE, stream="duty_records")
        return [(await duty.see("case", ONE, case=one["id"]))[0]["facts"]["on"] for one in records] == ["2027-01-05"]

    await duty.until(counted)
    assert [(await duty.see("duty_scores", ONE, year=year))[0]["total"] for year in (2026, 2027)] == [0.0, 3.0]

    await duty.take("SetConfidential", CLERK, case, confidential=True, reason="涉及个人")
    duty.at(begun + timedelta(days=8))

    async def kept_back() -> bool:
        return [one["title"] for one in await duty.see("cases", TWO, stream="duty_records")] == ["一件不公开的建议"]

    await duty.until(kept_back)
