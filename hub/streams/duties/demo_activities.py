"""One activity of the demo city, from its draft to the archive, with all who took part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from hub.cases.demo_story import Now, Story, Stream, Told
from hub.cases.demo_town import INTAKE, Place, Resident, Town
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.kernel.messages import Event
from hub.spoke import Decision
from hub.streams.duties import demo_texts as t
from hub.streams.duties import joining
from hub.streams.duties import messages as m
from hub.streams.duties.activities import ACTIVITIES, REPORTED
from hub.streams.duties.takings import COARSE, CODE_SECONDS, Signing, Taking, code_at

KEY = b"demo"
MINUTE = timedelta(minutes=1)
KNOWN: dict[type[Event], dict[str, bool]] = {
    m.ActivityJoined: {"registered": True}, m.ActivityLeft: {"registered": False}, m.ActivityLeaveAsked: {"registered": False}}
"""What a part is known to be after its event."""
NEAR = 0.0008
"""Degrees: within a hundred metres of the place."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """`ahead`: days from today, negative in the past. `whom`: who is invited; `comes`: who registers. `stop`: the state in which it waits."""

    n: int
    outing: t.Outing
    starts: datetime
    ends: datetime
    place: Place
    groups: tuple[str, ...]
    whom: tuple[Resident, ...]
    comes: tuple[Resident, ...]
    quota: int = 0
    stop: str = ""


@dataclass(kw_only=True)
class Part:
    """One deputy's part while it is told."""

    who: Resident
    joined: datetime
    taking: Taking = field(default_factory=Taking)
    place: int = 0
    told: list[Told] = field(default_factory=list)
    counts: datetime | None = None


@dataclass(kw_only=True)
class Held:
    """What became of it: the story of the case, and each part."""

    story: Story[tuple[str, ...]]
    parts: list[Part]

    @property
    def streams(self) -> list[Stream]:
        return [tuple(self.story.told), *(tuple(part.told) for part in self.parts if part.told)]


def hold(town: Town, plan: Planned) -> Held:
    begun = _before(town, begin_of(day_of(plan.starts) - 14 * DAY, 9))
    story = Story(life=ACTIVITIES, id=derived("demo activity", plan.n), at=begun, now=town.now, calendar=town.calendar,
                  random=Random(f"demo activity {plan.n}"), beside=tuple(one.ref for one in plan.whom), reads=lambda one: one.beside, stop=plan.stop)
    held = Held(story=story, parts=[])
    with suppress(Now):
        _announced(story, plan)
        held.parts = _registered(story, plan)
        _gone(story, plan, held.parts)
        if plan.stop == "cancelled":
            story.until(plan.starts - DAY - 3 * MINUTE).take("CancelActivity", INTAKE, reason="当日有台风预警，活动改期，另行通知")
        _came(story, plan, held.parts)
        story.until(begin_of(day_of(plan.ends) + DAY)).wait(1, 5).take("SumUpActivity", INTAKE, summary=plan.outing.summary.format(**_where(plan)))
        if plan.outing.kind in REPORTED and plan.n % 6 != 4:
            story.wait(25, 80).take("RecordFeedback", INTAKE, feedback=t.FEEDBACK[plan.n % len(t.FEEDBACK)])
        story.rest()
    return held


def _before(town: Town, at: datetime) -> datetime:
    """On a working day."""
    while not town.calendar.works(day_of(at)):
        at -= DAY
    return at


def _where(plan: Planned) -> dict[str, str]:
    return {"p": plan.place.short, "d": plan.place.district or "全市"}


def _announced(story: Story[Any], plan: Planned) -> None:
    outing, words = plan.outing, _where(plan)
    story.wait(0, 0).take(
        "DraftActivity", INTAKE, title=outing.title.format(**words), kind=outing.kind, starts=plan.starts, ends=plan.ends,
        place=f"{plan.place.name}（{plan.place.address}）", lon=plan.place.lon, lat=plan.place.lat, radius=300, quota=plan.quota, groups=plan.groups,
        deadline=begin_of(day_of(plan.starts) - 2 * DAY, 18), hours=outing.hours, text=outing.text.format(**words), questions=t.QUESTIONS[outing.questions])
    story.wait(1, 2).take("PublishActivity", INTAKE)


def _registered(story: Story[Any], plan: Planned) -> list[Part]:
    """In the order in which they came; who would come tomorrow is not there yet."""
    random, first = story.random, story.at + 5 * MINUTE
    until = min(begin_of(day_of(plan.starts) - 2 * DAY, 18), story.now)
    span = max((until - first).total_seconds(), 0.0)
    parts = sorted((Part(who=who, joined=first + timedelta(seconds=random.random() ** 2 * span)) for who in plan.comes), key=lambda part: part.joined)
    for part in parts:
        if part.joined <= until:
            _act(story, part, joining.join, m.RegisterForActivity(id=part_id(part), activity=story.id), part.joined)
    return [part for part in parts if part.told]


def _gone(story: Story[Any], plan: Planned, parts: Sequence[Part]) -> None:
    """Some ask for leave in time, some cancel; the others move up."""
    for n, part in enumerate(parts):
        at = part.joined + timedelta(hours=5)
        if (plan.n + n) % 17 != 4 or at > min(begin_of(day_of(plan.starts) - DAY, 12), story.now):
            continue
        if n % 2:
            _act(story, part, joining.leave, m.CancelRegistration(id=part_id(part), activity=story.id, reason="时间冲突"), at)
        else:
            _act(story, part, joining.ask_leave, m.AskActivityLeave(id=part_id(part), activity=story.id, reason=t.LEAVES[n % len(t.LEAVES)]), at)
    for place, part in enumerate((part for part in parts if part.taking.registered), 1):
        part.place = place


def _came(story: Story[Any], plan: Planned, parts: Sequence[Part]) -> None:
    """At the door, out of it, and the questionnaire. One in fifteen is absent without a word."""
    story.until(plan.starts - 35 * MINUTE)
    here = [part for n, part in enumerate(parts)
            if part.taking.registered and (not plan.quota or part.place <= plan.quota) and (plan.n * 3 + n) % 15 != 7]
    for n, part in enumerate(here):
        at = plan.starts + timedelta(seconds=story.random.randint(-1700, 420))
        if at <= story.now:
            _signed_in(story, plan, part, n, at)
    story.until(plan.ends)
    for n, part in enumerate(here):
        if n % 5:
            _act(story, part, joining.sign_out, m.SignOutOfActivity(id=part_id(part), activity=story.id), plan.ends + n * timedelta(seconds=20))
        if plan.outing.questions and n % 4:
            answers = _answers(story.random, plan.outing.questions)
            _act(story, part, joining.answer, m.AnswerActivity(id=part_id(part), activity=story.id, answers=answers), plan.ends + (n + 15) * MINUTE)


def _signed_in(story: Story[Any], plan: Planned, part: Part, n: int, at: datetime) -> None:
    random = story.random
    if n == 3:
        _act(story, part, joining.sign_in_by_hand, m.SignInByHand(
            id=part_id(part), activity=story.id, person=UUID(part.who.ref[7:]), note="手机没电，现场核对身份后代签"), at, by=INTAKE.id)
    elif n % 3:
        step = datetime.fromtimestamp(int(at.timestamp()) // CODE_SECONDS * CODE_SECONDS, tz=at.tzinfo)
        _act(story, part, joining.sign_in, m.SignInToActivity(
            id=part_id(part), activity=story.id, way=m.Way.CODE, code=code_at(KEY, str(story.id), step), device=f"phone {part.who.code}"), at)
    else:
        coarse = n % 12 == 6
        _act(story, part, joining.sign_in, m.SignInToActivity(
            id=part_id(part), activity=story.id, way=m.Way.PLACE, lon=round(plan.place.lon + random.uniform(-NEAR, NEAR), 6),
            lat=round(plan.place.lat + random.uniform(-NEAR, NEAR), 6), accuracy=COARSE + 150.0 if coarse else float(random.randint(8, 60)),
            device=f"phone {part.who.code}"), at)
        if coarse and at + 40 * MINUTE <= story.now and plan.stop != "held":
            _act(story, part, joining.judge, m.JudgeSignIn(
                id=part_id(part), activity=story.id, person=UUID(part.who.ref[7:]), valid=True, note="现场核对，本人到场"), at + 40 * MINUTE, by=INTAKE.id)

def _answers(random: Random, number: int) -> tuple[str, ...]:
    return tuple(
        random.choice(t.REMARKS) if question.get("kind", "text") == "text"
        else random.choices(choices, weights=range(len(choices) * 3, 0, -3))[0] if question["kind"] == "one"
        else "\n".join(one for one in choices if random.random() < 0.5) or choices[0]
        for question in t.QUESTIONS[number] for choices in (list(map(str, question.get("choices", ()))),))  # type: ignore[call-overload]


def part_id(part: Part) -> UUID:
    return derived("demo part", part.who.ref, len(part.told))


def _act(story: Story[Any], part: Part, decide: Callable[..., Decision], command: Any, at: datetime, by: str = "") -> None:
    """As the command would have been decided then; what lies ahead is not told."""
    if at > story.now:
        return
    known = Signing(activity=story.there, taking=part.taking, place=part.place, key=KEY)
    [event] = decide(known, command, part.who.actor, at).writes[0].events
    part.told.append(Told(at=at, life=ACTIVITIES.name, stream=joining.part_stream(story.id, part.who.ref), event=event, by=by or part.who.ref))
    part.taking = msgspec.structs.replace(part.taking, **KNOWN.get(type(event), {}), **({"signed_in": at} if isinstance(event, m.ActivitySignedIn) else {}))
    if believed(event):
        part.counts = at


def believed(event: Event) -> bool:
    return (isinstance(event, m.ActivitySignedIn) and not event.doubts) or (isinstance(event, m.SignInJudged) and event.valid)
