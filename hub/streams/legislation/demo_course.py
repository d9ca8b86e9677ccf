"""The course of a bill of the demo city: every step on its day, as far as the present day has come."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from hub.cases.demo_story import Now, Story
from hub.cases.demo_town import COMMITTEE, LEGISLATOR, Town
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.streams.legislation import demo_texts as t
from hub.streams.legislation.force import said_day
from hub.streams.legislation.model import LEGISLATION
from hub.streams.legislation.seen import Seen

HEADS = {"enact": "制定", "revise": "修订", "amend": "修改", "repeal": "废止", "congress": "制定", "plan": "编制"}
MEMBERS = 45
MEETING = "市十六届人大常委会第{n}次会议"


class Bill(NamedTuple):
    """`ago`: days before today on which it was entered; `ends`: how it ends where it does not go its course; `unit`: of which department."""

    key: str
    kind: str
    title: str
    subject: str
    source: str
    unit: int
    committee: str
    ago: int
    texts: tuple[str, ...]
    necessity: str
    basis: str
    ends: str = ""
    level: str = "formal"


class Wanted(NamedTuple):
    """A paper that a step encloses."""

    id: UUID
    name: str
    title: str
    lines: tuple[str, ...]
    by: str


@dataclass(kw_only=True)
class Beside:
    """`open`: comments that nobody has answered; `papers`: what was enclosed."""

    town: Town
    bill: Bill
    entered: date
    papers: list[Wanted]
    comments_open: int = 0


Course = Story[Beside]


def tell(town: Town, bill: Bill) -> Course:
    entered = day_of(town.now) - bill.ago * DAY
    story: Course = Story(
        life=LEGISLATION, id=derived("demo bill", bill.key), at=begin_of(entered, 8), now=town.now, calendar=town.calendar, random=Random(bill.key),
        beside=Beside(town=town, bill=bill, entered=entered, papers=[]), reads=lambda one: Seen(comments_open=one.beside.comments_open))
    with suppress(Now):
        _planned(story, bill)
        ENDS.get(bill.ends, _bill)(story, bill)
        story.rest()
    return story


def day(story: Course, n: int, *, after: bool = False) -> date:
    """The working day at or before (after: at or behind) the n-th since it was entered."""
    found = story.beside.entered + n * DAY
    while not story.calendar.works(found):
        found += DAY if after else -DAY
    return found


def on(story: Course, n: int, hour: int = 10) -> Course:
    return story.until(max(begin_of(day(story, n), hour) + timedelta(minutes=n * 7 % 50), story.at + timedelta(minutes=15)))


def paper(story: Course, what: str, by: str = LEGISLATOR.id, *lines: str) -> tuple[UUID, ...]:
    """Enclosed, under an id of its own."""
    title = f"{story.beside.bill.title}{what}"
    made = Wanted(derived("demo paper", title), f"{what}.docx", title, lines or (story.beside.bill.necessity, story.beside.bill.basis), by)
    story.beside.papers.append(made)
    return (made.id,)


def meeting(story: Course, on_day: date) -> dict[str, Any]:
    """The standing committee sits every other month; in this term it has met since 2022."""
    n = (on_day.year - 2022) * 6 + (on_day.month + 1) // 2
    return {"meeting": MEETING.format(n=n), "meeting_on": on_day}


# --- into the plan --------------------------------------------------------------------------------


def _planned(story: Course, bill: Bill) -> None:
    on(story, 0).take("EnterProject", LEGISLATOR, title=bill.title, kind=bill.kind, subject=bill.subject, source=bill.source,
                      proposer=story.beside.town.units[f"department:{bill.unit}"], necessity=bill.necessity, basis=bill.basis)
    if bill.ends == "library":
        story.rest()
        raise Now
    readings = {"enact": 2, "revise": 2, "congress": 3}.get(bill.kind, 1)
    days = {"submit_on": day(story, 100), "first_on": day(story, 150, after=True)} | (
        {"second_on": day(story, 230, after=True)} if readings > 1 else {}) | ({"third_on": day(story, 330, after=True)} if readings > 2 else {})
    on(story, 10).take(
        "PlanProject", LEGISLATOR, year=story.beside.entered.year + (story.beside.entered.month > 9), level=bill.level,
        proposer=story.beside.town.units[f"department:{bill.unit}"], drafting=f"department:{bill.unit}", committee_name=bill.committee,
        contact=f"{HEADS[bill.kind]}工作专班 0500-6{bill.unit:03d}021", feasibility=paper(story, "立项论证报告"), suggested=paper(story, "草案建议稿"), **days)
    on(story, 26).take("ConsultProvince", LEGISLATOR, province_said="同意列入计划，请在起草中与上位法修改情况做好衔接。")
    if bill.kind == "plan":
        story.rest()
        raise Now
    on(story, 42).take("SetPlan", COMMITTEE, meeting="市十六届人大常委会主任会议", held_on=day(story, 42))
    on(story, 44).take("PlanNodes", LEGISLATOR, days=[{"node": node, "planned": day(story, n)} for node, n in NODES[min(readings, 2)]])


LATER = (("send", 296), ("approve", 352), ("promulgate", 366), ("file", 380))
NODES = {2: (("comment", 180), ("vote", 282), *LATER), 1: tuple((node, n - 80) for node, n in (("vote", 282), *LATER))}
"""Days on which a course of so many readings has its later nodes."""


# --- the course -----------------------------------------------------------------------------------


def _bill(story: Course, bill: Bill) -> None:
    _submitted(story, bill)
    on(story, 113).take("ListBill", COMMITTEE, **meeting(story, day(story, 150, after=True)))
    _read(story, 150, 131)
    if bill.kind in {"amend", "repeal"}:
        _voted(story, bill, 152)
        return
    texts = dict(enumerate(bill.texts))
    on(story, 152).take("PublishDraft", LEGISLATOR, comment_until=day(story, 178), text=texts.get(1, ""))
    story.until(begin_of(day(story, 179, after=True), 9))
    on(story, 188).take("HearOpinions", LEGISLATOR, way="seminar", held_on=day(story, 188), record="召开座谈会，人大代表、有关部门和专家共十六人参加，逐条讨论修改意见。")
    story.beside.comments_open = 0
    on(story, 197).take("ReviseDraft", LEGISLATOR, text=bill.texts[-1], note="根据审议意见和公开征求的意见作了修改，见修改情况汇报。")
    _read(story, 230, 220)
    _voted(story, bill, 232)


def _submitted(story: Course, bill: Bill) -> None:
    handler = story.beside.town.handlers[f"department:{bill.unit}"]
    compared = {"compared": paper(story, "修改前后对照表", handler.id)} if bill.kind in {"amend", "revise"} else {}
    on(story, 98).take("SubmitBill", handler, **meeting(story, day(story, 150, after=True)), text=bill.texts[0],
                       explanation=paper(story, "草案说明", handler.id), **compared)
    on(story, 102).take("ReferBill", LEGISLATOR)


def _read(story: Course, held: int, distributed: int) -> None:
    sits = day(story, held, after=True)
    on(story, distributed).take("DistributeBill", LEGISLATOR, **meeting(story, sits))
    story.until(begin_of(sits, 17)).take(
        "HoldReading", LEGISLATOR, held_on=sits, record="组成人员认为草案基本可行，建议进一步明确部门职责，完善法律责任，共提出修改意见二十七条。")


def _voted(story: Course, bill: Bill, n: int) -> None:
    """From the last reading: reviewed, shown to the province a month before the vote, voted on, approved, in force."""
    on(story, n).take("BeginReview", LEGISLATOR)
    on(story, n + 4).take("ReviseDraft", LEGISLATOR, text=bill.texts[-1], note="作文字修改。",
                          evaluated="组织代表、专家和基层单位评估，认为出台时机成熟，主要制度可行，社会影响正面。")
    on(story, n + 5).take("ShowProvince", LEGISLATOR, province_seen=day(story, n + 5), province_said="原则同意，提出文字修改意见三条。")
    sits = day(story, n + 43, after=True)
    on(story, n + 12).take("PrepareVote", LEGISLATOR, **meeting(story, sits))
    story.until(begin_of(sits, 11)).take("VoteOnBill", LEGISLATOR, held_on=sits, members=MEMBERS, yes=41, no=1, abstain=2, not_pressed=1)
    on(story, n + 55).take("SendForApproval", LEGISLATOR, held_on=day(story, n + 55))
    on(story, n + 110).take("RecordApproval", LEGISLATOR, approved=True, held_on=day(story, n + 110))
    effective = date(day(story, n + 145).year, day(story, n + 145).month, 1)
    on(story, n + 117).take("PromulgateLaw", LEGISLATOR, maker="云澜市人民代表大会常务委员会", effective=effective, text=bill.texts[-1].replace("自公布之日起", f"自{said_day(effective)}起"))
    filed = day(story, n + 124)
    on(story, n + 124).take("FileLaw", LEGISLATOR, filed_province=filed, filed_national=filed)


# --- those that do not go their course ------------------------------------------------------------


def _overdue(story: Course, bill: Bill) -> None:
    """Not handed in on its day: explained, criticised, answered, and still not handed in."""
    handler = story.beside.town.handlers[f"department:{bill.unit}"]
    on(story, 104).explain(handler, t.LATE_NOTE)
    on(story, 118).take("CriticiseUnit", LEGISLATOR, text=t.CRITICISM, until=day(story, 132))
    on(story, 128).take("AnswerCriticism", handler, text=t.ANSWER)
    on(story, 131).take("RemarkOnProject", COMMITTEE, text=t.REMARK)


def _refused(story: Course, bill: Bill) -> None:
    _submitted(story, bill)
    on(story, 112).take("RefuseBill", COMMITTEE, reason="草案主要内容与省条例重复，暂不列入常委会会议议程。", files=paper(story, "不列入议程的报告"))


def _shelved(story: Course, bill: Bill) -> None:
    _submitted(story, bill)
    on(story, 113).take("ListBill", COMMITTEE, **meeting(story, day(story, 150, after=True)))
    _read(story, 150, 131)
    on(story, 156).take("ShelveBill", COMMITTEE, reason="对补贴标准和配建比例分歧较大，待省里出台配套政策后再行审议。")


ENDS = {"overdue": _overdue, "refused": _refused, "shelved": _shelved}
