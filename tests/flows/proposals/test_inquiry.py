"""An inquiry is put, ordered, answered, and answered once more, over the desks of a real hub."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from hub.streams.proposals.messages import SaveSession
from tests.flows.proposals.stage import (
    COMMITTEE,
    HOUSING,
    INTAKE,
    VIEWER,
    ProposalStage,
    deputy,
    head,
)

LEAD, OTHERS = deputy(1), [deputy(n) for n in range(2, 11)]
TEXT = {"title": "关于电梯事故隐患整改的质询案", "kind": "inquiry", "topic": "urban.housing", "asked_of": HOUSING,
        "question": "隐患电梯为何逾期没有整改？", "content": "去年通报的三百台隐患电梯，至今有一百台没有整改。"}
ORDER = {"answer_how": "written", "answer_by": date(2027, 1, 21), "printed": True}
ANSWER = {"number": "云建质〔2027〕1号", "text": "现就质询的问题书面答复如下：已经逐台整改。", "sealed": True}


async def test_an_inquiry_is_answered_once_more_when_half_of_its_movers_are_not_satisfied(stage: ProposalStage):
    stage.on(date(2027, 1, 19))
    await stage.hub.desk.ask(SaveSession(
        id=uuid4(), session=uuid4(), name="第十六届第六次会议", term="第十六届", first=date(2027, 1, 18), last=date(2027, 1, 22),
        motions_until=stage.clock.at.replace(day=20)), COMMITTEE)
    case = uuid4()
    await stage.take("DraftProposal", LEAD, case, **TEXT)
    await stage.take("InviteCosigners", LEAD, case, deputies=[one.id.removeprefix("person:") for one in OTHERS])
    for one in OTHERS:
        await stage.take("ConfirmCosign", one, case, seen=1)
    await stage.take("SubmitInquiry", LEAD, case)
    assert ((await stage.row(case))["number"], (await stage.see("case_waiting", COMMITTEE))[0]["id"]) == ("质询案〔2027〕1号", str(case))
    assert "提交质询案" in (await stage.see("case_notices", COMMITTEE))[0]["zh"]

    await stage.take("OrderInquiryAnswer", COMMITTEE, case, **ORDER)
    assert "决定答复方式" in (await stage.see("case_notices", head(HOUSING)))[0]["zh"]
    assert [(row["id"], row["due"]) for row in await stage.see("case_waiting", head(HOUSING))] == [(str(case), "2027-01-21")]
    for last in ("reanswer", "closed"):
        await stage.take("SignInquiryAnswer", head(HOUSING), case, **ANSWER)
        assert [row["id"] for row in await stage.see("case_waiting", OTHERS[8])] == [str(case)]
        await judged(stage, case, last)
        assert await stage.state(case) == last
        if last == "reanswer":
            await stage.take("OrderInquiryAnswer", COMMITTEE, case, **ORDER)
    [row] = await stage.see("proposals_public", VIEWER)
    assert (row["number"], [one["number"] for one in row["letters"]]) == ("质询案〔2027〕1号", [ANSWER["number"]])
    [figures] = await stage.see("proposal_figures", kind="inquiry")
    assert (figures["cases"], figures["inquiries"], figures["motions"], figures["parts"]) == (1, 1, 0, 0)
    assert [line["zh"] for line in await stage.see("case_trail", INTAKE, case=str(case))][-1] == "对答复表示意见"


async def judged(stage: ProposalStage, case, last: str) -> None:
    movers = [LEAD, *OTHERS]
    for one in movers[:5] if last == "reanswer" else movers:
        said = {"judgement": "unsatisfied", "reason": "没有说明期限"} if last == "reanswer" else {"judgement": "satisfied"}
        await stage.take("JudgeInquiryAnswer", one, case, **said)
