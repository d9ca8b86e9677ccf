"""A suggestion goes over all desks; each sees what is his, is told of it, and cannot do what is another's."""

from __future__ import annotations

import asyncio
import io
from datetime import date, timedelta
from uuid import UUID, uuid4

import aiohttp
import pytest
from pypdf import PdfReader

from hub.access.tokens import make_link
from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.streams.proposals.messages import ChangeTerm, SaveSession
from tests.flows.proposals.stage import (
    COMMITTEE,
    EDUCATION,
    FINANCE,
    HOUSING,
    INTAKE,
    OFFICE,
    PROMISE,
    REPLY,
    TEXT,
    VIEWER,
    ProposalStage,
    deputy,
    handler,
    head,
)

LEAD, SECOND, THIRD = deputy(1), deputy(2), deputy(3)


async def co_signed(stage: ProposalStage) -> UUID:
    """By one of the two who were invited, again after the text was changed."""
    case = uuid4()
    await stage.take("DraftProposal", LEAD, case, **TEXT)
    await stage.take("InviteCosigners", LEAD, case, deputies=[SECOND.id.removeprefix("person:"), THIRD.id.removeprefix("person:")])
    assert [row["id"] for row in await stage.see("case_waiting", SECOND)] == [str(case)]
    await stage.take("ConfirmCosign", SECOND, case, seen=1)
    await stage.take("ReviseProposal", LEAD, case, **(TEXT | {"advice": "市级财政按每台三十万元补助。"}))
    await stage.take("ConfirmCosign", SECOND, case, seen=2)
    return case


async def test_from_the_draft_to_the_end_with_an_unsatisfied_first_round(stage: ProposalStage):
    case = await co_signed(stage)
    await stage.take("SubmitProposal", LEAD, case, one_matter=True, related=["浙江省物业管理条例"])
    assert (await stage.row(case))["number"] == "建议〔2026〕1号"
    assert "提交建议" in (await stage.see("case_notices", INTAKE))[0]["zh"]

    await stage.take("AcceptProposal", INTAKE, case, topic="urban.housing", units=[HOUSING], helpers=[FINANCE])
    await stage.take("AssignProposal", OFFICE, case, units=[HOUSING], helpers=[FINANCE])
    assert [(row["id"], row["due_zh"]) for row in await stage.see("case_waiting", handler(HOUSING))] == [(str(case), "签收")]
    await stage.take("SignForProposal", handler(HOUSING), case, handler="王工", phone="0500-6022001")
    await stage.take("TellUnit", LEAD, case, text="请先看三号楼")
    await stage.take("GiveOpinion", handler(FINANCE), case, text="同意补助方案")
    await signed_by_the_head_who_alone_is_waited_for(stage, case)
    await stage.take("RateReply", LEAD, case, rating="unsatisfied", reason="没有明确时间")
    assert await stage.state(case) == "rehandling"
    stage.on(date(2026, 3, 20))
    await stage.answer(case, PROMISE)
    await stage.take("RateReply", LEAD, case, rating="satisfied")
    assert await stage.state(case) == "tracking"
    [promise] = await stage.see("proposal_commitments", open=True)
    assert (promise["promise"], promise["unit_name"], promise["solve_by"]) == ("完成二百台加装", "市住房和城乡建设局", "2026-06-30")
    await stage.take("ReportFulfilment", head(HOUSING), case, solved=True, text="二百台已完成")
    await stage.take("RateFulfilment", LEAD, case, fulfilment="fulfilled")
    assert await stage.state(case) == "closed"

    [row] = await stage.see("proposals_public", VIEWER)
    assert (row["number"], row["state_zh"], [one["klass"] for one in row["letters"]]) == ("建议〔2026〕1号", "办结", ["B"])
    trail = await stage.see("case_trail", INTAKE, case=str(case))
    assert [line["zh"] for line in trail][:4] == ["起草", "邀请联名", "确认联名", "修改文稿"]
    assert "市住房和城乡建设局" in {name for line in await stage.see("case_trail", LEAD, case=str(case)) for name in line["names"].values()}
    contacts = await stage.see("proposal_contacts", LEAD, case=str(case))
    assert {row["relation"] for row in contacts} == {"lead", "cosigner", "handler", "leader"}
    await the_letter_is_printed_for_who_may_read_it(stage, case)


async def the_letter_is_printed_for_who_may_read_it(stage: ProposalStage, case: UUID) -> None:
    def come_in(one: Actor) -> aiohttp.ClientSession:
        link = make_link(stage.hub.access.key, UUID(one.id[7:]), None, stage.clock.now(), timedelta(days=1))
        return aiohttp.ClientSession(headers={"Authorization": f"Link {link}"}, base_url=stage.hub.url)

    async with come_in(LEAD) as mine, mine.get(f"/api/letters/{case}/1.pdf") as letter, mine.get(f"/api/letters/{case}/2.pdf") as none:
        assert (letter.status, letter.content_type, none.status) == (200, "application/pdf", 404)
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(await letter.read())).pages)
    assert all(said in text for said in (PROMISE["number"], "B 类", "王工", "0500-6022001", "建议〔2026〕1号"))
    await stage.take("SetConfidential", INTAKE, case, confidential=True, reason="涉及未公开的信息")
    async with come_in(deputy(9)) as other, other.get(f"/api/letters/{case}/1.pdf") as hidden:
        assert hidden.status == 404


SENT = """select exists(select from dispatch.delivery d join dispatch.broadcast b on b.id = d.broadcast
                      where d.ref = $1 and strpos(b.text, '起草答复送签') > 0)"""


async def signed_by_the_head_who_alone_is_waited_for(stage: ProposalStage, case: UUID) -> None:
    """Told by every road, too, where the account is a person's."""
    person = deputy(5).id
    async with stage.hub.db.transaction() as conn:
        await conn.execute("insert into access.account(id, login, name, person, password_hash, roles, scopes, created)"
                           " values (gen_random_uuid(), 'head', '局长', $1, '', '{head}', array[$2], now())", UUID(person[7:]), HOUSING)
    await stage.reply_drafted(case)
    await stage.until(lambda: stage.value(SENT, person))
    [row] = await stage.see("case_waiting", head(HOUSING))
    assert (row["id"], [one["name"] for one in row["waits_for"]]) == (str(case), ["负责人（市住房和城乡建设局）"])
    assert await stage.see("case_waiting", handler(HOUSING)) == []
    assert "起草答复送签" in (await stage.see("case_notices", head(HOUSING)))[0]["zh"]
    assert not any("送签" in one["zh"] for one in await stage.see("case_notices", handler(HOUSING)))
    await stage.take("SignReply", head(HOUSING), case, sealed=True)
    assert await stage.see("case_waiting", head(HOUSING)) == []


async def test_a_unit_that_is_released_or_relieved_is_told_once_without_the_title_of_what_it_may_see_no_more(stage: ProposalStage):
    case = await stage.handled(LEAD, confidential=True)
    await stage.take("AskRelease", handler(FINANCE), case, reason="与本单位职责无关")
    await stage.take("ReleaseUnit", OFFICE, case, unit=FINANCE)
    await stage.take("AskReturn", handler(HOUSING), case, reason="不属本单位职责")
    await stage.take("ReassignProposal", OFFICE, case, units=[EDUCATION])
    for unit, step in ((FINANCE, "同意退出会办"), (HOUSING, "重新交办")):
        [told] = await stage.see("case_notices", handler(unit))
        assert (told["zh"], TEXT["title"] in told["en"]) == (f"一件不公开的建议·议案：{step}，已不再由您方办理。", False)
    assert not any("不再由您方" in one["zh"] for one in await stage.see("case_notices", handler(EDUCATION)))


async def test_where_units_answer_separately_a_reply_stays_when_another_unit_is_replaced(stage: ProposalStage):
    case = await stage.accepted(LEAD)
    await stage.take("AssignProposal", OFFICE, case, units=[HOUSING, EDUCATION], mode="separate")
    for unit in (HOUSING, EDUCATION):
        await stage.take("SignForProposal", handler(unit), case, handler="王工")
    await stage.answer(case)
    await stage.take("AskReturn", handler(EDUCATION), case, reason="不属本单位职责")
    await stage.take("ReassignProposal", OFFICE, case, units=[HOUSING, FINANCE], mode="separate")
    parts = await stage.see("proposal_parts")
    assert [(one["unit"], one["klass"], one["rounds"]) for one in parts] == [(FINANCE, "", 0), (HOUSING, "A", 1)]
    assert [row["id"] for row in await stage.see("case_waiting", handler(FINANCE))] == [str(case)]
    await stage.take("SignForProposal", handler(FINANCE), case, handler="李工")
    assert await stage.state(case) == "handling"


async def test_others_neither_see_what_is_before_the_desk_nor_do_what_is_not_theirs(stage: ProposalStage):
    draft = uuid4()
    await stage.take("DraftProposal", SECOND, draft, **TEXT)
    for view, params in (("cases", {"stream": "proposals"}), ("search", {"q": "加装电梯"}), ("case_counts", {"stream": "proposals"})):
        assert (await stage.see(view, INTAKE, **params), len(await stage.see(view, SECOND, **params))) == ([], 1), view
    case = await stage.submitted(LEAD)
    assert [row["id"] for row in await stage.see("cases", INTAKE, stream="proposals")] == [str(case)]
    with pytest.raises(NotFound):
        await stage.case(case, deputy(9))
    with pytest.raises(Forbidden):
        await stage.take("AcceptProposal", OFFICE, case, topic="urban")
    with pytest.raises(NotFound):
        await stage.see("proposal_contacts", deputy(9), case=str(case))
    await stage.take("AcceptProposal", INTAKE, case, topic="urban", units=[HOUSING])
    assert (await stage.case(case, deputy(9)))["inside"] is False


async def test_of_two_clerks_who_assign_at_once_one_wins_and_the_other_is_told(stage: ProposalStage):
    case = await stage.accepted(LEAD)
    answers = await asyncio.gather(stage.take("AssignProposal", OFFICE, case, units=[HOUSING]),
                                   stage.take("AssignProposal", OFFICE, case, units=[EDUCATION]), return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["Conflict", "dict"]
    [told] = [one for one in answers if isinstance(one, Conflict)]
    assert "别人刚刚办理过" in told.zh


async def test_who_settles_what_is_escalated_hears_of_it_at_once(stage: ProposalStage):
    case = await stage.replied(LEAD)
    await stage.take("RateReply", LEAD, case, rating="unsatisfied", reason="没有明确时间")
    assert await stage.see("case_notices", COMMITTEE) == []
    await stage.answer(case)
    await stage.take("RateReply", LEAD, case, rating="unsatisfied", reason="仍没有明确时间")
    [told] = await stage.see("case_notices", COMMITTEE)
    assert told["zh"].endswith("评价答复，现为“升级督办”。")
    assert [row["id"] for row in await stage.see("case_waiting", COMMITTEE)] == [str(case)]


async def test_merged_cases_share_the_reply_and_the_end(stage: ProposalStage):
    main, joined = await stage.handled(LEAD), await stage.accepted(SECOND, title="关于老旧小区电梯的又一建议")
    await stage.take("MergeProposal", INTAKE, joined, into=str(main), reason="内容相同")

    async def taken_in() -> bool:
        return SECOND.id in [one["ref"] for one in (await stage.case(main))["parties"].get("merged_lead", ())]

    await stage.until(taken_in)
    await stage.answer(main)

    async def shared() -> bool:
        return [one["number"] for one in (await stage.case(joined, SECOND))["facts"]["letters"]] == [REPLY["number"]]

    await stage.until(shared)
    assert any("签发答复" in row["zh"] for row in await stage.see("case_notices", SECOND))
    await stage.take("RateReply", LEAD, main, rating="satisfied")
    await stage.until_state(joined, "closed")


async def test_an_overdue_reply_is_told_and_owes_an_answer_and_what_nobody_rates_is_closed(stage: ProposalStage):
    case = await stage.handled(LEAD)
    stage.on(date(2026, 6, 3))

    async def owed() -> bool:
        return [one["clock"] for one in (await stage.case(case))["owed"]] == ["reply"]

    await stage.until(owed)
    await stage.answer(case)
    stage.on(date(2026, 6, 20))

    async def urged() -> bool:
        return (await stage.case(case))["facts"]["rating_urged"] is not None

    await stage.until(urged)
    stage.on(date(2026, 7, 20))
    await stage.until_state(case, "closed_unrated")
    [row] = await stage.see("proposal_figures")
    assert (row["parts"], row["replied"], row["on_time"], row["overdue"], row["rated"]) == (1, 1, 0, 1, 0)


async def test_a_motion_whose_mover_leaves_falls_back_to_a_suggestion(stage: ProposalStage):
    stage.on(date(2027, 1, 18))
    await stage.hub.desk.ask(SaveSession(
        id=uuid4(), session=uuid4(), name="第十六届第六次会议", term="第十六届", first=date(2027, 1, 18), last=date(2027, 1, 22),
        motions_until=stage.clock.at.replace(day=20)), COMMITTEE)
    case, others = uuid4(), [deputy(n) for n in range(2, 11)]
    await stage.take("DraftProposal", LEAD, case, title="关于制定电梯安全条例的议案", kind="motion", topic="urban", cause="事故多发", ground="法规缺位", plan="列入计划")
    await stage.take("InviteCosigners", LEAD, case, deputies=[one.id.removeprefix("person:") for one in others])
    for one in others:
        await stage.take("ConfirmCosign", one, case, seen=1)
    await stage.take("SubmitMotion", LEAD, case, one_matter=True)
    assert (await stage.row(case))["number"] == "议案〔2027〕1号"
    await stage.take("LeaveCosigners", others[0], case)
    await stage.until_state(case, "submitted")
    row = await stage.row(case)
    assert (row["kind"], row["number"], row["due"]) == ("suggestion", "建议〔2027〕1号", "2027-01-29")


async def test_limits_that_run_from_a_session_move_with_it_and_who_waits_is_told_why_once(stage: ProposalStage):
    stage.on(date(2027, 1, 19))
    case, session = await stage.submitted(LEAD), uuid4()
    assert (await stage.row(case))["due"] == "2027-01-26"

    async def sits(first: int, last: int) -> str:
        before = (await stage.row(case))["due"]
        await stage.hub.desk.ask(SaveSession(
            id=uuid4(), session=session, name="第十六届第六次会议", term="第十六届", first=date(2027, 1, first), last=date(2027, 1, last),
            motions_until=stage.clock.at.replace(day=first + 1)), COMMITTEE)

        async def moved() -> str | None:
            due = str((await stage.row(case))["due"])
            return due if due != before else None

        return str(await stage.until(moved))

    assert [await sits(18, 22), await sits(18, 24), await sits(25, 29)] == ["2027-01-29", "2027-01-31", "2027-01-26"]
    told = [one["zh"].partition("：")[2] for one in await stage.see("case_notices", INTAKE) if "会期" in one["zh"]]
    assert sorted(told) == [f"大会会期调整，“受理”改为2027-01-{day}到期。" for day in (26, 29, 31)]


async def test_with_a_new_term_drafts_lapse_and_open_cases_go_on(stage: ProposalStage):
    draft, open_one = uuid4(), await stage.handled(LEAD)
    await stage.take("DraftProposal", SECOND, draft, **TEXT)
    await stage.hub.desk.ask(ChangeTerm(id=uuid4(), term="第十七届", since=date(2027, 1, 1)), INTAKE)
    assert await stage.state(draft, SECOND) == "draft", "what is entered beforehand waits for its day"
    stage.on(date(2027, 1, 1))
    await stage.until_state(draft, "lapsed", SECOND)
    assert await stage.state(open_one) == "handling"
    with pytest.raises(Refused):
        await stage.hub.desk.ask(ChangeTerm(id=uuid4(), term="第十七届", since=date(2027, 1, 1)), INTAKE)
