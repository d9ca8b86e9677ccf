"""A believable year of snapshots for the demo city: what came over at once, late or not at all, and what became of it. The same day
gives the same year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, NamedTuple

from hub.cases.demo_story import Enclosed, Now, Story, Stream
from hub.cases.demo_town import INTAKE, Place, Resident, Town
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.streams.snapshots import demo_texts as t
from hub.streams.snapshots.demo_pictures import picture
from hub.streams.snapshots.model import SNAPSHOTS, Landing, day_taken, public_title
from hub.streams.snapshots.projection import COUNT, RAISE

SETTLED = (COUNT, RAISE)
PAST, SINCE, UNTIL = 100, 350, 8
"""How many that have come to their end, and between which days before today they were taken."""
WAITING = (
    (0.5, "underway"), (3, "received"), (7, "received"), (6 * 24, "received"), (52, "handling"), (80, "handling"), (150, "handling"),
    (34 * 24, "handling"), (38 * 24, "handling"), (75, "answered"), (124, "answered"), (480, "lost"), (200, "dropped"),
)
"""Hours before now, and the state in which it waits; the desk is late with one, two units are with their answer."""
NEAR = 0.0012
PHONE_WRONG = timedelta(minutes=7)
TAKEN_UP = frozenset(("SnapshotAnswered", "SnapshotPassedOn"))


class Counted(NamedTuple):
    """A snapshot that counts for its deputy as a duty."""

    origin: str
    title: str
    on: date
    at: datetime
    person: str


@dataclass(kw_only=True)
class Snapped:
    """`n` chooses what happens; `place` is the station near by."""

    n: int
    who: Resident
    place: Place
    sight: t.Sight
    town: Town
    files: tuple[Enclosed, ...] = ()


Seen = Story[Snapped]


def year_of(town: Town, people: Sequence[Resident]) -> list[Seen]:
    """By `people`, who are in office all the year."""
    past = ((n, begin_of(day_of(town.now) - _ago(n) * DAY, 7 + n * 5 % 13) + timedelta(minutes=n * 17 % 60), "") for n in range(PAST))
    waiting = ((PAST + k, town.now - timedelta(hours=hours), stop) for k, (hours, stop) in enumerate(WAITING))
    return [_told(town, people, n, at, stop) for n, at, stop in (*past, *waiting)]


def _ago(n: int) -> int:
    return UNTIL + (SINCE - UNTIL) * n // PAST


def streams(stories: Iterable[Seen]) -> list[Stream]:
    return [tuple(one.told) for one in stories]


def enclosed(stories: Iterable[Seen]) -> list[Enclosed]:
    return [file for one in stories for file in one.beside.files]


def counted(stories: Iterable[Seen]) -> Iterator[Counted]:
    """As works.py does, when the desk takes it up."""
    for one in stories:
        taken_up = next((told for told in one.told if type(told.event).__name__ in TAKEN_UP), None)
        if taken_up and one.case:
            yield Counted(f"snapshot:{one.id}", public_title(one.case), day_taken(one.case), taken_up.at, one.beside.who.ref)


# --- one of them ----------------------------------------------------------------------------------


def _told(town: Town, people: Sequence[Resident], n: int, at: datetime, stop: str) -> Seen:
    who = people[(n * 37 + 11) % len(people)]
    near = [one for one in town.stations if one.district == who.district] or town.stations
    beside = Snapped(n=n, who=who, place=near[n * 7 % len(near)], sight=t.SIGHTS[n * 7 % len(t.SIGHTS)], town=town)
    story: Seen = Story(life=SNAPSHOTS, id=derived("demo snapshot", n), at=at, now=town.now, calendar=town.calendar, random=Random(f"snapshot {n}"),
                        beside=beside, reads=_reads, stop=stop)
    with suppress(Now):
        _sent(story)
        _handled(story)
        _ended(story)
        story.rest()
    return story


def _reads(story: Seen) -> Any:
    """What each step's guards look at."""
    if story.case is None:
        return Landing(scope=story.beside.place.scope)
    return () if story.case.state in {"underway", "lost"} else frozenset(story.beside.town.units)


def _sent(story: Seen) -> None:
    """Announced and, seconds later, here: mostly at the first try, now and then after waiting for a line."""
    n, random, sight, place = story.beside.n, story.random, story.beside.sight, story.beside.place
    waited = timedelta(seconds=300 + n * 397 % 9000 if n % 9 == 2 else 0)
    off = PHONE_WRONG if n == 23 else timedelta()
    began, held = story.at - timedelta(seconds=1), [picture(sight.picture)] if sight.picture else []
    way = {"tapped": began - waited + off, "began": began + off, "pieces": len(held), "bytes": sum(map(len, held))}
    story.until(story.at).take(
        "AnnounceSnapshot", story.beside.who.actor, text=sight.text, kind=sight.kind, place=f"{place.short}{sight.where}",
        lon=round(place.lon + random.uniform(-NEAR, NEAR), 6), lat=round(place.lat + random.uniform(-NEAR, NEAR), 6), accuracy=float(random.randint(6, 48)),
        way=way | {"phone_now": story.at + off})
    if story.stop == "dropped":
        story.until(story.at + timedelta(hours=2)).take("DropSnapshot", story.beside.who.actor)
    if story.stop == "lost":
        story.rest()
        raise Now
    attempts = 2 + n // 12 % 3 if n % 12 == 7 else 1
    story.until(story.at + timedelta(seconds=1 + n * 29 % 140 / 10 + attempts * 2))
    story.take("SendSnapshot", story.beside.who.actor, files=[one.id for one in _pieces(story)], way=way | {"phone_now": story.at + off, "attempts": attempts})


def _pieces(story: Seen) -> tuple[Enclosed, ...]:
    scene = story.beside.sight.picture
    if scene:
        story.beside.files = (Enclosed(derived("demo snapshot piece", story.beside.n), "现场照片.png", story.beside.who.ref, partial(picture, scene)),)
    return story.beside.files


def _handled(story: Seen) -> None:
    n, actor = story.beside.n, story.beside.who.actor
    story.wait(*((0, 0) if story.stop else (3, 4) if n % 19 == 12 else (0, 2)))
    if n % 14 == 5 and not story.stop:
        topic, answer = t.REFUSED[n // 14 % len(t.REFUSED)]
        story.take("RefuseSnapshot", INTAKE, topic=topic, answer=answer)
        raise Now
    if story.stop == "answered" or (n % 5 == 3 and not story.stop):
        story.take("AnswerSnapshot", INTAKE, answer=t.AT_ONCE)
        return
    _passed_on(story, story.beside.sight.unit)
    if n % 17 == 9:
        story.wait(1, 3).take("ReturnSnapshot", _handler(story), reason=t.NOT_OURS)
        _passed_on(story.wait(0, 1), 37 if story.beside.sight.unit != 37 else 23)
    _answered(story)
    if n % 13 == 4:
        story.wait(1, 4).take("ReopenSnapshot", actor, reason=t.AGAIN)
        _passed_on(story.wait(0, 1), story.beside.sight.unit)
        _answered(story)


def _passed_on(story: Seen, unit: int) -> None:
    story.take("PassOnSnapshot", INTAKE, unit=f"department:{unit}", note=t.NOTES[story.beside.n % len(t.NOTES)])


def _answered(story: Seen) -> None:
    """One in eleven after its limit, with the explanation that is owed then."""
    if story.beside.n % 11 == 6:
        story.wait(26, 33).explain(_handler(story), t.LATE)
    else:
        story.wait(2, 12)
    story.take("AnswerSnapshot", _handler(story), answer=story.beside.sight.answer)


def _handler(story: Seen) -> Any:
    [unit] = story.there.parties["lead_unit"]
    return story.beside.town.handlers[unit]


def _ended(story: Seen) -> None:
    """One in five says nothing: the hub closes it."""
    if story.beside.n % 5 == 1:
        story.rest()
        raise Now
    story.wait(1, 6).take("ConfirmSnapshot", story.beside.who.actor, word=t.WORDS[story.beside.n % len(t.WORDS)])


