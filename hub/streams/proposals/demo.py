"""A believable year of suggestions and motions for the demo city. The same day gives the same year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from hub.cases.demo_story import Now
from hub.cases.demo_town import COMMITTEE, INTAKE, OFFICE, Town
from hub.kernel.actor import Actor
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.streams.proposals import demo_texts as t
from hub.streams.proposals.demo_inquiry import inquiry_of
from hub.streams.proposals.demo_story import WHY_LATE, Beside, Story, begun, follow, seen_in
from hub.streams.proposals.facts import Similar, promised
from hub.streams.proposals.seen import Session

SEED = 20_260_102
STORIES = 104
SINCE = 365
LATER = 8
"""Days before today on which the year begins; and how many later a story is tried that has run past its state."""
SIGNING = "signing"
"""No state: a reply is drafted, and the head has not signed it yet."""
WAITING = (
    (1001, "draft", 3), (1002, "draft", 12), (1008, "cosigning", 4), (1014, "cosigning", 9), (1030, "returned", 16), (1005, "submitted", 4),
    (1006, "submitted", 5), (1007, "review", 6), (1009, "accepted", 9), (1010, "accepted", 20), (1012, "assigned", 11), (1013, "assigned", 19),
    (1034, "return_asked", 24), (1016, "replied", 70), (1017, "replied", 75), (1025, "rehandling", 80), (1039, "escalated", 140),
    (1023, "fulfilment", 300), (1042, "handling", 32), (1054, SIGNING, 60),
)
"""Numbers, whose remainders choose what happens, the state to wait in, and how many days ago it began."""


def sessions_around(today: date) -> tuple[Session, ...]:
    """The one of this January, and the coming one."""
    return tuple(
        Session(id=str(derived("demo session", year)), name=f"第十六届人民代表大会第{'四五六七'[n]}次会议", term="第十六届", first=date(year, 1, 18),
                last=date(year, 1, 22), motions_until=begin_of(date(year, 1, 20), 12))
        for n, year in enumerate((today.year - 1, today.year, today.year + 1)))


def stories_of(town: Town, stories: int = STORIES) -> list[Story]:
    """Everything that happened to each. `stories`: beside those that wait in one state each."""
    seen = seen_in(town, sessions_around(day_of(town.now)))
    written: list[Story] = []
    for n, stop, ago in (*((n, "", _ago(n)) for n in range(stories)), *WAITING):
        story = _told(Beside(town=town, seen=seen), n, stop, ago, written)
        written += [one for one in (story, story.beside.joined) if one]
    return [*written, *(_motion(Beside(town=town, seen=seen), n) for n in range(len(t.MOTIONS))), inquiry_of(Beside(town=town, seen=seen))]


def _ago(n: int) -> int:
    """Two in three long ago, the others of late."""
    random = Random(f"{SEED}/{n}/ago")
    return random.randint(100, SINCE) if n % 3 else random.randint(1, 110)


def _told(beside: Beside, n: int, stop: str, ago: int, earlier: Sequence[Story]) -> Story:
    """Begun later where its clocks have carried it past the state that it is to wait in."""
    while True:
        at = begin_of(day_of(beside.town.now) - ago * DAY, 8) + timedelta(minutes=7 * n % 60)
        story = begun(replace(beside), derived("demo proposal", n), at, Random(f"{SEED}/{n}"), stop)
        with suppress(Now):
            _tell(story, n, _subject(n), earlier)
            story.rest()
        if not stop or ago <= LATER or (story.case and stop == (SIGNING if story.case.parties.get("signer") else story.case.state)):
            return story
        ago -= LATER


def _subject(n: int) -> tuple[t.Subject, str]:
    return t.SUBJECTS[n * 7 % len(t.SUBJECTS)], t.PLACES[(n * 5 + n // len(t.SUBJECTS)) % len(t.PLACES)]


def _ref(actor: Actor) -> str:
    return actor.id.removeprefix("person:")


def _tell(story: Story, n: int, about: tuple[t.Subject, str], earlier: Sequence[Story]) -> None:
    subject, place = about
    town, random = story.beside.town, story.random
    lead = town.deputies[n * 37 % len(town.deputies)]
    story.wait(0, 0).take("DraftProposal", lead, title=subject.title.format(p=place), topic=subject.topic, situation=subject.situation.format(p=place),
                          analysis=subject.analysis.format(p=place), advice=subject.advice.format(p=place), confidential=n % 40 == 17)
    if n % 3 == 0:
        _cosigned(story, lead, [town.deputies[(n * 37 + k + 1) % len(town.deputies)] for k in range(1 + n % 4)])
    story.beside.similar = _alike(random, earlier, subject)
    story.wait(0, 3).take("SubmitProposal", lead, one_matter=True)
    _reviewed(story, n, subject, lead)


def _cosigned(story: Story, lead: Actor, others: list[Actor]) -> None:
    story.wait(0, 1).take("InviteCosigners", lead, deputies=[_ref(one) for one in others])
    for one in others:
        story.wait(0, 2).take("ConfirmCosign", one, seen=1)


def _alike(random: Random, earlier: Sequence[Story], subject: t.Subject) -> tuple[Similar, ...]:
    """Earlier ones on the same matter at other places."""
    same = [one.there for one in earlier if one.case and one.there.facts.analysis == subject.analysis.format(p="") and not one.there.facts.confidential]
    return tuple(Similar(case=one.id, title=one.facts.title, ratio=round(random.uniform(0.55, 0.8), 4)) for one in same[:3])


def _reviewed(story: Story, n: int, subject: t.Subject, lead: Actor) -> None:
    unit, helper = f"department:{subject.unit}", f"department:{subject.helper}"
    if n % 29 == 4:
        reason, why = t.REASONS[n // 29 % len(t.REASONS)]
        story.wait(2, 5).take("RefuseProposal", INTAKE, refusal=reason, explanation=why)
        return
    if story.stop == "review":
        story.wait(0, 1).take("ReviewProposal", INTAKE)
    if n % 31 == 7:
        story.wait(1, 4).take("ReturnProposal", INTAKE, reason="请补充具体地点和数据后重新提交")
        story.wait(4, 9).take("ResubmitProposal", lead, one_matter=True)
    story.wait(1, 5).take("AcceptProposal", INTAKE, topic=subject.topic, units=[unit], helpers=[helper])
    if n % 37 == 9:
        story.wait(0, 2).take("WithdrawProposal", lead, reason="所提问题已经解决，申请撤回")
        return
    if n % 26 == 2:
        _joined(story, n, lead)
    if n % 33 == 5:
        story.wait(0, 1).take("MarkKeyProposal", COMMITTEE, leader="分管副市长", body="社会建设委员会")
    _assigned(story, n, unit, helper)
    _handled(story, n, subject, lead)


def _joined(story: Story, n: int, lead: Actor) -> None:
    """Another deputy asks for the same at the same time."""
    town, facts = story.beside.town, story.there.facts
    second = town.deputies[(n * 37 + 19) % len(town.deputies)]
    beside = Beside(town=town, seen=story.beside.seen, other=story.case)
    twin = begun(beside, derived("demo proposal", n, "twin"), story.at - 4 * DAY, story.random)
    twin.take("DraftProposal", second, title=facts.title.replace("关于", "关于尽快"), topic=facts.topic, situation=facts.situation,
              analysis=facts.analysis, advice=facts.advice)
    twin.beside.similar = (Similar(case=story.id, title=facts.title, ratio=0.93),)
    twin.take("SubmitProposal", second, one_matter=True)
    twin.until(story.at).take("AcceptProposal", INTAKE, topic=facts.topic)
    story.wait(0, 1)
    twin.until(story.at).take("MergeProposal", INTAKE, into=story.id, reason="与该件内容相同，合并办理，答复抄送每位代表")
    story.beside.joined = twin
    follow(story)


def _assigned(story: Story, n: int, unit: str, helper: str) -> None:
    story.wait(1, 6)
    if n % 23 == 6:
        story.take("AssignProposal", OFFICE, units=[unit, helper], mode="separate")
    elif n % 27 == 8:
        story.take("AssignProposal", OFFICE, units=[helper], note="请按职责办理")
        story.wait(2, 6).take("AskReturn", story.beside.town.handlers[helper], reason="该事项不属本单位职责，建议改由主管部门主办")
        story.wait(2, 6).take("ReassignProposal", OFFICE, units=[unit], helpers=[helper])
    else:
        story.take("AssignProposal", OFFICE, units=[unit], helpers=[helper] if n % 2 else [])
    for one in _main(story):
        story.wait(0, 2).take("SignForProposal", story.beside.town.handlers[one], handler=t.HANDLERS[n % len(t.HANDLERS)], phone=f"0500-6{n:03d}018")


def _main(story: Story) -> tuple[str, ...]:
    return story.there.parties["lead_unit"]


def _handled(story: Story, n: int, subject: t.Subject, lead: Actor) -> None:
    _contact(story, n)
    for one in story.there.parties.get("assisting", ()):
        story.wait(8, 25).take("GiveOpinion", story.beside.town.handlers[one], text="同意按职责配合办理，有关资金和政策口径另行函告。")
    if n % 19 == 11:
        due = story.there.clocks["reply"].due
        story.wait(20, 30).take("AskExtension", story.beside.town.handlers[_main(story)[0]], until=due + 60 * DAY, reason="涉及多部门协调，需要进一步调研论证")
        story.wait(1, 4).take("GrantExtension", OFFICE, until=due + 45 * DAY)
        story.wait(20, 40)
    if n % 13 == 10:
        story.wait(70, 85)
        story.take("UrgeProposal", INTAKE, text="答复临近或超过期限，请抓紧办理并联系代表。")
    _replied(story, n, subject)
    _rated(story, n, subject, lead)


def _contact(story: Story, n: int) -> None:
    for one in _main(story):
        way, text = ("invite", "邀请代表参与方案论证。") if story.there.facts.key else t.CONTACTS[n % len(t.CONTACTS)]
        story.wait(4, 14).take("LogContact", story.beside.town.handlers[one], way=way, on=day_of(story.at), with_whom="领衔代表",
                               text=text.format(p="现场"))


def _class(n: int) -> str:
    return "B" if n % 5 in {1, 3} and n % 4 else "C" if n % 11 == 2 else "A"


def _replied(story: Story, n: int, subject: t.Subject) -> None:
    for one in _main(story):
        if one not in _still(story):
            continue
        story.wait(6, 26).take("DraftReply", story.beside.town.handlers[one], **_letter(story, n, subject, one))
        if story.stop == SIGNING:
            story.rest()
            raise Now
        story.wait(0, 3).take("SignReply", story.beside.town.heads[one], sealed=True)
        story.explain(story.beside.town.handlers[one], WHY_LATE)


def _still(story: Story) -> Iterable[str]:
    facts = story.there.facts
    return [unit for unit in _main(story) if not (last := facts.parts[unit].last) or last.rating == "unsatisfied"]


def _letter(story: Story, n: int, subject: t.Subject, unit: str) -> dict[str, Any]:
    place = _subject(n)[1]
    klass = "A" if story.there.facts.round > 1 else _class(n)
    what = {"A": f"一、办理情况：{subject.done.format(p=place)}。", "B": f"一、办理情况：已列入年度计划。二、下一步：{subject.plan.format(p=place)}。",
            "C": "一、有关情况：受政策和资金条件限制，目前暂不具备实施条件，我们将在今后工作中认真研究采纳。"}[klass]
    promise = {"promise": subject.plan.format(p=place), "solve_by": day_of(story.at) + story.random.randint(40, 200) * DAY} if klass == "B" else {}
    name = story.beside.town.units[unit].removeprefix("市")
    return {"number": f"云{name[:1]}复〔{story.at.year}〕{n + 1}号", "klass": klass, **promise,
            "text": f"您提出的《{story.there.facts.title}》收悉。经研究，现答复如下：{what}感谢您对我们工作的关心和支持。"}


def _rated(story: Story, n: int, subject: t.Subject, lead: Actor) -> None:
    if n % 17 == 12:
        story.wait(90, 95)
        return
    bad = n % 14 == 3
    for one in _main(story):
        story.wait(1, 9).take("RateReply", lead, unit=one, **_rating(story, bad))
    if bad:
        _contact(story, n)
        _replied(story, n, subject)
        story.wait(1, 6).take("RateReply", lead, **_rating(story, n % 28 == 3))
        if story.there.state == "escalated":
            story.wait(8, 20).take("SettleProposal", COMMITTEE, outcome="settled", experts="市人大代表三人、专家二人", text="经现场评估，同意承办单位整改方案，由委员会跟踪。")
    if story.there.state == "tracking":
        _kept(story, n, lead)


def _rating(story: Story, bad: bool) -> dict[str, str]:
    if bad:
        return {"rating": "unsatisfied", "reason": story.random.choice(t.COMPLAINTS)}
    return {"rating": "basically" if story.random.random() < 0.2 else "satisfied", "reason": story.random.choice(t.OPINIONS)}


def _kept(story: Story, n: int, lead: Actor) -> None:
    owing = promised(story.there.facts, story.rules.tracked())
    for one in owing:
        story.wait(30, 120).take("ReportFulfilment", story.beside.town.heads[one], solved=n % 6 != 1, text="承诺事项办理情况：已按计划推进，现将结果函告。")
        story.explain(story.beside.town.handlers[one], WHY_LATE)
    for one in owing:
        story.wait(2, 15).take("RateFulfilment", lead, unit=one, fulfilment="partly" if n % 6 == 1 else "fulfilled")


# --- motions --------------------------------------------------------------------------------------


def _motion(beside: Beside, n: int) -> Story:
    """Of the last session that sat."""
    session = max((one for one in beside.seen.sessions if one.last < day_of(beside.town.now)), key=lambda one: one.first)
    story = begun(beside, derived("demo motion", n), begin_of(session.first - 2 * DAY, 9), Random(f"{SEED}/motion/{n}"))
    with suppress(Now):
        _moved(story, session, n)
        story.rest()
    return story


def _moved(story: Story, session: Session, n: int) -> None:
    title, topic, cause, ground, plan = t.MOTIONS[n]
    town = story.beside.town
    lead = town.deputies[n * 61 + 5]
    others = [town.deputies[(n * 61 + 6 + k) % len(town.deputies)] for k in range(9 + n)]
    story.take("DraftProposal", lead, title=title, kind="motion", topic=topic, cause=cause, ground=ground, plan=plan)
    story.take("InviteCosigners", lead, deputies=[_ref(one) for one in others])
    for k, one in enumerate(others):
        story.until(begin_of(session.first - DAY, 9) + timedelta(minutes=11 * k)).take("ConfirmCosign", one, seen=1)
    story.until(_at(session.first, 15)).take("SubmitMotion", lead, one_matter=True)
    story.until(_at(session.first + DAY, 17)).take("ReportMotion", INTAKE, report="经审查，符合议案要求，建议提请主席团审议决定。")
    ENDS[n](story, session)


def _at(day: date, hour: int) -> datetime:
    return begin_of(day, hour)


def _listed(story: Story, session: Session) -> None:
    story.until(_at(session.first + 2 * DAY, 9)).take("ListMotion", COMMITTEE)
    story.until(_at(session.first + 2 * DAY, 16)).take("DeliberateMotion", INTAKE, deliberation="七个代表团一致赞成，提出文字修改意见九条。")
    story.until(_at(session.first + 3 * DAY, 10)).take("DraftResolution", INTAKE, resolution="关于制定电梯安全管理条例议案的决议（草案）",
                                                       vote_at=_at(session.last, 9))
    total = story.beside.seen.in_office
    story.until(_at(session.last, 10)).take("RecordMotionVote", INTAKE, present=total - 12, yes=total - 20, no=3, abstain=5)


def _turned(story: Story, session: Session) -> None:
    story.until(_at(session.first + 2 * DAY, 9)).take("TurnMotion", COMMITTEE, reason="内容涉及跨区县补偿，宜作为建议由政府研究办理")
    _as_suggestion(story, session, 2000, t.SUBJECTS[4])


def _referred(story: Story, session: Session) -> None:
    story.until(_at(session.first + 2 * DAY, 9)).take("ReferMotion", COMMITTEE, body="教育科学文化卫生委员会", opinion_by=session.last)
    story.until(_at(session.last, 8)).take("GiveCommitteeOpinion", COMMITTEE, committee_opinion="建议闭会后由常委会开展调研，适时提请常委会审议。")
    story.until(_at(session.last, 11)).take("TurnMotion", COMMITTEE, reason="按专门委员会意见，作为建议交有关部门先行办理")
    _as_suggestion(story, session, 2002, t.SUBJECTS[35])


def _as_suggestion(story: Story, session: Session, n: int, subject: t.Subject) -> None:
    lead = next(one for one in story.beside.town.deputies if one.id == story.there.parties["lead"][0])
    unit, helper = f"department:{subject.unit}", f"department:{subject.helper}"
    story.until(_at(session.last + 5 * DAY, 10)).take("AcceptProposal", INTAKE, topic=subject.topic, units=[unit], helpers=[helper])
    _assigned(story, n, unit, helper)
    _handled(story, n, subject, lead)


ENDS: tuple[Callable[[Story, Session], None], ...] = (_listed, _turned, _referred)
