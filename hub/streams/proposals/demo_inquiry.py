"""The one inquiry of the demo year: put at the last session, answered before a special committee, and judged by most of its movers."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from random import Random

from hub.cases.demo_story import Now
from hub.cases.demo_town import COMMITTEE, INTAKE
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.streams.proposals.demo_story import Beside, Story, begun
from hub.streams.proposals.seen import Session

MOVERS, SILENT, UNHAPPY = 12, 10, 7
"""How many put it, the place of the one who says nothing, and of the one who is not satisfied."""
TEXT = {
    "title": "关于澜江上游排口整治逾期的质询案", "kind": "inquiry", "topic": "urban.environment", "asked_of": "department:21",
    "question": "去年承诺年底前完成的十九个排口整治，为何仍有七个没有完成？",
    "content": "请说明七个排口逾期的原因、责任单位、现在的水质数据，以及完成整治的时间表和临时措施。",
}
ANSWER = "七个排口涉及管网迁改，因征地协调延误；已逐个明确责任人，五个在三月底前、两个在五月底前完成，期间每周公布水质数据。"


def inquiry_of(beside: Beside) -> Story:
    session = max((one for one in beside.seen.sessions if one.last < day_of(beside.town.now)), key=lambda one: one.first)
    story = begun(beside, derived("demo inquiry", session.id), begin_of(session.first, 11), Random(session.id))
    with suppress(Now):
        _told(story, session)
        story.rest()
    return story


def _told(story: Story, session: Session) -> None:
    lead, *others = (story.beside.town.deputies[37 * n + 3] for n in range(MOVERS))
    organ = TEXT["asked_of"] if TEXT["asked_of"] in story.beside.town.units else next(iter(story.beside.town.units))
    story.take("DraftProposal", lead, **(TEXT | {"asked_of": organ}))
    story.take("InviteCosigners", lead, deputies=[one.id.removeprefix("person:") for one in others])
    for n, one in enumerate(others):
        story.until(begin_of(session.first, 14) + timedelta(minutes=7 * n)).take("ConfirmCosign", one, seen=1)
    story.until(begin_of(session.first, 17)).take("SubmitInquiry", lead)
    story.until(begin_of(session.first + DAY, 9)).take(
        "OrderInquiryAnswer", COMMITTEE, answer_how="special", answer_by=session.last - DAY, answer_where=f"{session.last - DAY:%m月%d日}上午九时，城建环资委会议室")
    story.until(begin_of(session.last - DAY, 11)).take("RecordInquiryAnswer", INTAKE, on=session.last - DAY, head="局长周某", in_person=True, text=ANSWER)
    for n, one in enumerate((lead, *others)):
        if n != SILENT:
            said = {"judgement": "unsatisfied", "reason": "没有说明征地延误的责任。"} if n == UNHAPPY else {"judgement": "satisfied"}
            story.until(begin_of(session.last - DAY, 15) + timedelta(minutes=9 * n)).take("JudgeInquiryAnswer", one, **said)
