"""Topics of the year in the demo city: carried out, confirmed, cancelled, to be confirmed, open for booking; and who has booked them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from hub.cases.demo_story import Now, Story, Stream, Told
from hub.cases.demo_town import COMMITTEE, LEGISLATOR, Resident, Town
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.streams.duties.booking_messages import TopicBooked
from hub.streams.duties.topics import TOPICS, Booker, TopicRules, fits


class Subject(NamedTuple):
    """`ago`: days before today on which it was opened, `days` for which it can be booked; `ends`: where it has come to."""

    title: str
    kind: str
    specialities: tuple[str, ...]
    quota: int
    ago: int
    days: int
    bookers: int
    ends: str
    text: str
    summary: str = ""


SUBJECTS: tuple[Subject, ...] = (
    Subject("养老服务条例执法检查", "supervision", ("民生保障", "医卫"), 12, 305, 14, 23, "finished", "四月分三组检查，五月形成报告，六月审议。",
            "检查机构十四家，形成执法检查报告，常委会审议意见二十一条已交办。"),
    Subject("历史文化名城保护条例立法调研", "legislation", ("文化旅游", "法律"), 10, 298, 14, 17, "finished", "参加草案起草调研和两次论证会。",
            "代表提出修改意见三十四条，采纳十九条，条例已表决通过。"),
    Subject("大气污染防治专项监督", "supervision", ("生态环保",), 12, 233, 12, 19, "confirmed", "全年跟踪督查，每季度一次。"),
    Subject("物业管理条例修订立法调研", "legislation", ("基层治理", "法律"), 15, 190, 14, 27, "confirmed", "走访六个小区，参加草案公开征求意见座谈会。"),
    Subject("城市公共停车设施建设监督", "supervision", ("交通",), 10, 140, 12, 8, "cancelled", "与市政府专项工作报告审议结合。"),
    Subject("澜江流域保护条例立法调研", "legislation", ("生态环保", "农业"), 15, 61, 14, 24, "confirmed", "沿江三县两区实地调研，参加一审前论证。"),
    Subject("优化营商环境专题监督", "supervision", ("工业", "商贸"), 10, 19, 13, 18, "closed", "走访企业二十家，参加专题询问。"),
    Subject("电动自行车管理条例立法调研", "legislation", ("交通", "基层治理"), 12, 9, 18, 15, "open", "调研停放充电设施，参加草案论证。"),
    Subject("中小学校外配餐食品安全监督", "supervision", ("教育", "医卫"), 10, 7, 16, 13, "open", "随机抽查配餐企业和学校，参加满意度测评。"),
    Subject("基层医疗服务能力专题询问", "supervision", ("医卫",), 8, 4, 15, 6, "open", "会前调研三个县区，参加专题询问。"),
    Subject("数字经济促进条例立法调研", "legislation", ("科技", "工业"), 12, 2, 14, 0, "draft", "明年上半年安排，先行摸底。"),
)
WHY = "与省人大常委会同类监督项目重复，改为配合省里开展。"
NOTE = "按专业和履职均衡确定，未入选代表可参加公开征求意见。"


class Booking(NamedTuple):
    topic: UUID
    year: int
    person: str
    at: datetime


@dataclass(kw_only=True)
class Beside:
    """`bookers`: who has booked it, as the desk sees them when it confirms."""

    subject: Subject
    opened: datetime
    bookers: tuple[Booker, ...] = field(default=())


def year_of(town: Town, people: Sequence[Resident]) -> tuple[list[Stream], list[Stream]]:
    """(bookings, topics): bookings are told first, so that they stand there when people are chosen."""
    begun = [(n, one, _opened(town, one)) for n, one in enumerate(SUBJECTS)]
    made = [booking for n, one, opened in begun for booking in _bookings(town, people, n, one, opened)]
    allowed = _within_the_rules(made)
    streams = _by_person(allowed)
    places = {told.event: place for place, told in enumerate((told for stream in streams for told in stream), 1)}
    skills, held = {one.ref: one.tags for one in people}, Counter[tuple[int, str]]()
    topics: list[Stream] = []
    for n, one, opened in begun:
        bookers = tuple(Booker(ref=event.person, place=place, specialities=skills[event.person], held=held[event.year, event.person])
                        for event, place in places.items() if isinstance(event, TopicBooked) and event.topic == _id(n))
        story = _told(town, n, one, opened, bookers)
        held.update((opened.year, ref) for ref in (story.case.parties.get("chosen", ()) if story.case else ()))
        topics.append(tuple(story.told))
    return streams, topics


def _id(n: int) -> UUID:
    return derived("demo topic", n)


def _opened(town: Town, one: Subject) -> datetime:
    day = day_of(town.now) - one.ago * DAY
    while not town.calendar.works(day):
        day -= DAY
    return begin_of(day, 10)


# --- who books ------------------------------------------------------------------------------------


def _bookings(town: Town, people: Sequence[Resident], n: int, one: Subject, opened: datetime) -> Iterator[Booking]:
    """Mostly who knows the matter; most come on the first days."""
    random = Random(f"topic {n}")
    until = min(begin_of(day_of(opened) + one.days * DAY, 20), town.now)
    keen = sorted(people, key=lambda who: (not fits(one.specialities, who.tags) and random.random() < 0.75, random.random()))
    for who in keen[:one.bookers]:
        yield Booking(_id(n), opened.year, who.ref, opened + timedelta(minutes=30) + (until - opened - timedelta(minutes=31)) * random.random() ** 2)


def _within_the_rules(made: Sequence[Booking]) -> list[Booking]:
    most, counted, allowed = TopicRules().most, Counter[tuple[int, str]](), list[Booking]()
    for one in sorted(made, key=lambda one: (one.at, one.person)):
        if counted[one.year, one.person] < most:
            counted[one.year, one.person] += 1
            allowed.append(one)
    return allowed


def _by_person(made: Sequence[Booking]) -> list[Stream]:
    """One stream for a person and a year, in the order in which they came first."""
    streams: defaultdict[str, list[Told]] = defaultdict(list)
    for one in made:
        stream = f"booking-{one.year}-{one.person.removeprefix('person:')}"
        streams[stream].append(Told(at=one.at, life=TOPICS.name, stream=stream, by=one.person,
                                    event=TopicBooked(topic=one.topic, person=one.person, year=one.year)))
    return [tuple(told) for told in streams.values()]


# --- what becomes of it ---------------------------------------------------------------------------


def _told(town: Town, n: int, one: Subject, opened: datetime, bookers: tuple[Booker, ...]) -> Story[Beside]:
    story = Story(life=TOPICS, id=_id(n), at=opened - timedelta(hours=1), now=town.now, calendar=town.calendar, random=Random(f"topic {n} told"),
                  beside=Beside(subject=one, opened=opened, bookers=bookers), reads=lambda told: told.beside.bookers, stop=one.ends)
    with suppress(Now):
        _course(story, LEGISLATOR if one.kind == "legislation" else COMMITTEE)
    return story


def _course(story: Story[Beside], desk: Any) -> None:
    one, opened = story.beside.subject, story.beside.opened
    story.until(story.at).take("DraftTopic", desk, title=one.title, kind=one.kind, year=opened.year, text=one.text, quota=one.quota,
                               specialities=one.specialities, until=day_of(opened) + one.days * DAY)
    story.until(opened).take("OpenTopic", desk)
    story.until(begin_of(day_of(opened) + (one.days + 2) * DAY, 9))
    if one.ends == "cancelled":
        story.wait(1, 3).take("CancelTopic", desk, reason=WHY)
    story.wait(1, 5).take("ConfirmTopic", desk, note=NOTE)
    story.wait(120, 150).take("FinishTopic", desk, summary=one.summary)
