"""A believable year of duties for the demo city: the register, what deputies did, what it counts. The same day gives the same year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import structs

from hub.cases.demo_story import Now, Story, Stream, Told
from hub.cases.demo_town import COMMITTEE, INTAKE, Place, Resident, Town
from hub.directory.city_map import CENTRE
from hub.kernel.actor import SYSTEM
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Lifecycle
from hub.streams.duties import demo_appeals, demo_topics
from hub.streams.duties import demo_texts as t
from hub.streams.duties.booking import TOPICS_OPEN
from hub.streams.duties.demo_activities import Held, Planned, hold
from hub.streams.duties.mandates import MANDATES
from hub.streams.duties.projection import COUNT, FREEZE, MOVED_UP, REGISTER, REMIND, TALK, WARN
from hub.streams.duties.records import RECORDS
from hub.streams.duties.scoring_messages import ITEMS, DutyYearFrozen, Rater, ScoreRated

SEED = "demo duties"
SETTLED = (COUNT, MOVED_UP, FREEZE, REMIND, TALK, WARN, TOPICS_OPEN, REGISTER)
SINCE, EVERY, PAST = 352, 13, 26
"""Days before today of the first activity, days between two, and how many."""
WAITING = ((-2, "held", 0), (1, "", 0), (6, "", 0), (9, "", 12), (7, "draft", 0), (-61, "cancelled", 0))
"""Days from today, the state in which it stays, its quota: held and to be summed up, closed, open, open with a waiting list, …"""
HOURS = ((9, 0), (14, 30), (9, 30), (18, 30))
RATED = 20
HALL = (CENTRE[0] + 0.004, CENTRE[1] - 0.003)
FROZEN_ON = (1, 12)


class Meeting(NamedTuple):
    """A session of the congress."""

    name: str
    first: date
    last: date


class Credit(NamedTuple):
    """Something that counts for deputies, beside activities: an accepted suggestion, a snapshot that was taken up."""

    origin: str
    title: str
    on: date
    at: datetime
    people: tuple[str, ...]
    kind: str = "proposal"
    place: str = ""
    hours: float = 0.0


def year_of(town: Town, meetings: Sequence[Meeting], credits: Iterable[Credit], busy: frozenset[str]) -> list[Stream]:
    """`busy`: who has had something to do all the year, so that his mandate did not change."""
    sat = [one for one in meetings if one.last < day_of(town.now)]
    idle = [one for one in town.residents if one.ref not in busy][:12]
    changed, others = idle[:3], [one for one in town.residents if one not in idle[:3]]
    came = [one for one in others if one not in idle]
    held = [hold(town, plan) for plan in (*_plans(town, others), *(_session(n, one, others, came) for n, one in enumerate(sat[-1:])))]
    streams = [*_register(town, changed, sat, idle[3:]), *(stream for one in held for stream in one.streams)]
    streams += [_counted(town, credit, person) for credit in (*_of_activities(held), *credits) for person in credit.people]
    return [*streams, *_by_hand(town, others), *_ratings(town, others), *_frozen(town), *demo_appeals.year_of(town, came)]


def booked(town: Town, people: Sequence[Resident]) -> tuple[list[Stream], list[Stream]]:
    """(bookings, the year's topics), to be told in this order."""
    return demo_topics.year_of(town, people)


# --- the register ---------------------------------------------------------------------------------


def _story(life: Lifecycle, town: Town, at: datetime, reads: Any, *key: object) -> Story[Any]:
    return Story(life=life, id=derived(*key), at=at, now=town.now, calendar=town.calendar, random=Random("/".join(map(str, key))), beside=reads,
                 reads=lambda one: one.beside)


def _register(town: Town, changed: Sequence[Resident], sat: Sequence[Meeting], absent: Sequence[Resident]) -> Iterator[Stream]:
    """All as they were taken over; one came by a by-election, one was suspended for a time, one has moved away."""
    begin = begin_of(day_of(town.now) - (SINCE + 25) * DAY, 9)
    for n, one in enumerate(town.residents):
        story = _story(MANDATES, town, begin, one.name, "demo mandate", one.ref)
        with suppress(Now):
            if changed and one == changed[0]:
                _elected(story, one)
            else:
                story.until(begin + n * timedelta(seconds=20)).take("TakeOverDeputy", INTAKE, **_election(one, n, "general", date(2022, 1, 12)))
            _what_came(story, changed.index(one) if one in changed else -1)
            _missed(story, sat, absent.index(one) if one in absent else -1)
        yield tuple(story.told)


def _election(one: Resident, n: int, kind: str, on: date) -> dict[str, Any]:
    return {"person": UUID(one.ref[7:]), "kind": kind, "term": one.term, "delegation": one.delegation, "district": f"{one.district}第{n % 12 + 1}选区",
            "post": one.post, "specialities": one.tags, "elected_on": on}


def _elected(story: Story[Any], one: Resident) -> None:
    story.wait(160, 164).take("ElectDeputy", INTAKE, **_election(one, 4, "by_election", day_of(story.at) - 3 * DAY))
    story.wait(4, 8).take("CheckCredentials", COMMITTEE, valid=True, report="经代表资格审查委员会审查，补选程序合法，当选有效。")
    story.wait(6, 10).take("AnnounceDeputy", COMMITTEE, announced_on=day_of(story.at))


def _what_came(story: Story[Any], n: int) -> None:
    if n == 1:
        story.wait(190, 200).take("SuspendDeputy", COMMITTEE, topic="custody", note="接市检察院通报，依法暂时停止执行代表职务。")
        story.wait(62, 70).take("RestoreDeputy", COMMITTEE, note="案件已撤销，恢复执行代表职务。")
    if n == 2:
        story.wait(280, 290).take("EndMandate", COMMITTEE, topic="moved", ended_on=day_of(story.at), note="工作调动，户籍和工作关系已迁出本市。")


def _missed(story: Story[Any], sat: Sequence[Meeting], n: int) -> None:
    if n < 0 or not sat or begin_of(sat[-1].last, 17) < story.at:
        return
    reason = ("因病住院", "出国考察", "参加国家级比赛", "家人去世", "术后休养", "单位重大检修", "突发疾病", "产假")[n % 8]
    story.until(begin_of(sat[-1].last, 17)).take("RecordAbsence", INTAKE, session=sat[-1].name, held_on=sat[-1].first, approved=n != 1,
                                                 reason="" if n == 1 else reason)


# --- activities -----------------------------------------------------------------------------------


def _plans(town: Town, people: Sequence[Resident]) -> Iterator[Planned]:
    past = ((n, n * EVERY - SINCE, "", t.OUTINGS[n % len(t.OUTINGS)].quota) for n in range(PAST))
    for n, ahead, stop, quota in (*past, *((PAST + k, ahead, stop, quota) for k, (ahead, stop, quota) in enumerate(WAITING))):
        yield _planned(town, people, n, ahead, stop, quota)


def _planned(town: Town, people: Sequence[Resident], n: int, ahead: int, stop: str, quota: int) -> Planned:
    """For one delegation, those of the street first; on a working day."""
    random, outing = Random(f"{SEED}/{n}"), t.OUTINGS[n % len(t.OUTINGS)]
    day = day_of(town.now) + ahead * DAY
    while not town.calendar.works(day):
        day += DAY if ahead > 0 else -DAY
    place = town.stations[(n * 11 + 1) % len(town.stations)]
    delegation = f"{place.district}代表团" if place.district else people[0].delegation
    whom = tuple(one for one in people if one.delegation == delegation)
    near = sorted(whom, key=lambda one: (one.org != place.id and not outing.hall, random.random()))
    hour, minute = HOURS[3 if "夜间" in outing.title else n % 3]
    starts = begin_of(day, hour) + timedelta(minutes=minute)
    if outing.hall:
        place = structs.replace(place, name=outing.hall, address="望江区市民广场", lon=HALL[0], lat=HALL[1])
    return Planned(n=n, outing=outing, starts=starts, ends=starts + timedelta(hours=min(outing.hours, 3.5 if hour > 12 else 8)), place=place,
                   groups=(delegation,), whom=whom, comes=tuple(near[:random.randint(14, 24) + (8 if quota else 0)]), quota=quota, stop=stop)


def _session(n: int, meeting: Meeting, people: Sequence[Resident], came: Sequence[Resident]) -> Planned:
    outing = t.Outing(f"出席{meeting.name}", "session", 36.0, "大会期间按议程出席全体会议和代表团会议，每日会前签到。", "会议圆满完成各项议程，出席情况已公布。")
    hall = Place(id="hall", name="云澜大会堂", short="大会堂", address="望江区市民广场 2 号", lon=HALL[0], lat=HALL[1], district="")
    return Planned(n=1000 + n, outing=outing, starts=begin_of(meeting.first, 9), ends=begin_of(meeting.last, 12), place=hall, groups=(),
                   whom=tuple(people), comes=tuple(came))


def _of_activities(held: Iterable[Held]) -> Iterator[Credit]:
    for one in held:
        facts = one.story.case.facts if one.story.case else None
        for part in one.parts:
            if part.counts and facts:
                yield Credit(f"activity:{one.story.id}", facts.title, day_of(facts.starts), part.counts, (part.who.ref,), facts.kind, facts.place, facts.hours)


# --- records --------------------------------------------------------------------------------------


def _record(town: Town, at: datetime, *key: object) -> Story[Any]:
    return _story(RECORDS, town, at, None, *key)


def _counted(town: Town, credit: Credit, person: str) -> Stream:
    """As works.py does, and under the same id."""
    story = _record(town, credit.at, "duty", credit.origin, person)
    with suppress(Now):
        story.until(credit.at + timedelta(seconds=2)).take(
            "CountDuty", SYSTEM, person=UUID(person[7:]), origin=credit.origin, title=credit.title[:100], kind=credit.kind, on=credit.on,
            place=credit.place[:100], hours=credit.hours)
        _freeze(story)
    return tuple(story.told)


def _by_hand(town: Town, people: Sequence[Resident]) -> Iterator[Stream]:
    """Entered by the deputies; most are approved within days, the last ones wait."""
    for n in range(len(t.BY_HAND) * 3):
        title, kind, place, hours, text = t.BY_HAND[n % len(t.BY_HAND)]
        one = people[(n * 53 + 7) % len(people)]
        story = _record(town, begin_of(day_of(town.now) - (2 + n * 11) * DAY, 9), "demo duty", n)
        with suppress(Now):
            on = day_of(story.at)
            story.until(story.at + timedelta(hours=9, minutes=7 * n % 60)).take(
                "RecordDuty", one.actor, title=title, kind=kind, on=on, place=f"{one.district}{place}", hours=hours, text=text)
            _reviewed(story, n, one, {"title": title, "kind": kind, "on": on, "hours": hours, "text": text})
            _freeze(story)
        yield tuple(story.told)


def _reviewed(story: Story[Any], n: int, one: Resident, form: dict[str, Any]) -> None:
    if n == 0:
        story.rest()
        raise Now
    if n % 9 == 4:
        story.wait(1, 3).take("ReturnDuty", INTAKE, answer="请补充时间、地点和参加人员")
        story.wait(1, 3).take("AmendDuty", one.actor, **form | {"text": form["text"] + "社区网格员一同参加。"})
    if n % 10 == 3:
        story.wait(1, 3).take("RefuseDuty", INTAKE, answer=t.REFUSALS)
        story.wait(1, 2).take("DisputeDuty", one.actor, dispute=t.DISPUTE)
        if n > 3:
            story.wait(2, 6).take("CorrectDuty", INTAKE, kind=form["kind"], hours=form["hours"], answer="经核对签到表属实，予以计入。")
        return
    story.wait(1, 4).take("ApproveDuty", INTAKE)


def _freeze(story: Story[Any]) -> None:
    """With the others of its year, on a day of the next January."""
    story.until(frozen_on(story.there.facts.year + 1) + timedelta(seconds=3))
    if story.there.state == "counted":
        story.take("FreezeDuty", SYSTEM)


# --- the year's end and the raters ----------------------------------------------------------------


def frozen_on(year: int) -> datetime:
    return begin_of(date(year, *FROZEN_ON), 10)


def _frozen(town: Town) -> Iterator[Stream]:
    year = day_of(town.now).year
    if frozen_on(year) < town.now:
        yield (Told(at=frozen_on(year), life=RECORDS.name, stream=f"duty-year-{year - 1}", by=INTAKE.id, event=DutyYearFrozen(year=year - 1, version=0)),)


def _ratings(town: Town, people: Sequence[Resident]) -> Iterator[Stream]:
    """One delegation was rated in the middle of the year, by all four."""
    at = begin_of(date(day_of(town.now).year, 7, 15), 15)
    at = at if at < town.now else begin_of(date(at.year - 1, 7, 15), 15)
    random = Random(f"{SEED}/ratings")
    for one in [one for one in people if one.delegation == people[0].delegation][:RATED]:
        person = one.ref.removeprefix("person:")
        yield tuple(
            Told(at=at + n * DAY, life=RECORDS.name, stream=f"duty-rating-{at.year}-{person}", by=one.ref if rater is Rater.SELF else INTAKE.id,
                 event=ScoreRated(year=at.year, person=one.ref, rater=rater, points={item.code: random.randint(3, 9) / 2 for item in ITEMS}))
            for n, rater in enumerate(Rater))
