"""A believable year of opinions for the demo city: what came by code, at receptions, on visits and by phone, what was made of it and how
content people were. The same day gives the same year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from hub.cases.demo_story import Now, Story, Stream
from hub.cases.demo_town import INTAKE, Place, Resident, Town
from hub.kernel.actor import SYSTEM
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.streams.opinions import demo_texts as t
from hub.streams.opinions.forms import BASICALLY, SATISFIED, UNSATISFIED
from hub.streams.opinions.guards import Landing, Other
from hub.streams.opinions.model import OPINIONS, public_title
from hub.streams.opinions.projection import COUNT, RAISE
from hub.streams.opinions.works import DUTIES

SETTLED = (COUNT, RAISE)
PAST, SINCE, UNTIL = 48, 350, 24
"""How many that have come to their end, and between which days before today they were told."""
WAITING = (
    (2, "received"), (5, "received"), (9 * 24, "received"), (4 * 24, "assigned"), (7 * 24, "handling"), (11 * 24, "handling"), (36 * 24, "handling"),
    (9 * 24, "answered"), (12 * 24, "answered"), (14 * 24, "told"), (16 * 24, "told"), (19 * 24, "told"),
)
"""Hours before now, and the state in which it waits; the desk is late with one, a unit with its answer."""
CAME = ("scan", "reception", "scan", "visit", "network", "phone", "scan", "forum", "reception", "network")
MERGES = 33


class Counted(NamedTuple):
    """An opinion that counts for the deputy who heard it."""

    origin: str
    title: str
    on: date
    at: datetime
    person: str
    kind: str


@dataclass(kw_only=True)
class Voiced:
    """`n` chooses what happens; `place`: the station over it; `reads`: what the guards of the next step look at."""

    n: int
    who: Resident
    place: Place
    voice: t.Voice
    town: Town
    came: str
    reads: Any = None


Said = Story[Voiced]


def year_of(town: Town, people: Sequence[Resident]) -> list[Said]:
    """`people`: deputies who are in office all the year."""
    past = ((n, begin_of(day_of(town.now) - (UNTIL + (SINCE - UNTIL) * n // PAST) * DAY, 7 + n * 7 % 13) + timedelta(minutes=n * 13 % 60), "")
            for n in range(PAST))
    waiting = ((PAST + k, town.now - timedelta(hours=hours), stop) for k, (hours, stop) in enumerate(WAITING))
    return [_told(town, people, n, at, stop) for n, at, stop in (*past, *waiting)]


def streams(stories: Iterable[Said]) -> list[Stream]:
    return [tuple(one.told) for one in stories]


def counted(stories: Iterable[Said]) -> Iterator[Counted]:
    """As works.py does, when the desk takes it up."""
    for one in stories:
        taken_up = next((told for told in one.told if type(told.event).__name__ in ("OpinionAnsweredNow", "OpinionAssigned")), None)
        if taken_up and one.case and one.case.facts.came in DUTIES and one.case.facts.collector:
            yield Counted(f"opinion:{one.id}", public_title(one.case), day_of(one.case.opened), taken_up.at, one.case.facts.collector,
                          DUTIES[one.case.facts.came])


# --- one of them ----------------------------------------------------------------------------------


def _told(town: Town, people: Sequence[Resident], n: int, at: datetime, stop: str) -> Said:
    who = people[(n * 41 + 5) % len(people)]
    near = [one for one in town.stations if one.district == who.district] or town.stations
    came = CAME[n % len(CAME)]
    beside = Voiced(n=n, who=who, place=near[n * 5 % len(near)], voice=t.VOICES[n * 7 % len(t.VOICES)], town=town, came=came)
    story: Said = Story(life=OPINIONS, id=derived("demo opinion", n), at=at, now=town.now, calendar=town.calendar, random=Random(f"opinion {n}"), beside=beside,
                        reads=lambda one: one.beside.reads, stop=stop)
    with suppress(Now):
        _came(story)
        _handled(story)
        _rated(story)
        story.rest()
    return story


def _came(story: Said) -> None:
    beside, n = story.beside, story.beside.n
    by_hand = beside.came not in ("scan", "network")
    name, phone = t.NAMES[n % len(t.NAMES)], f"199000{n:05d}" if n % 3 else ""
    text = beside.voice.text.format(p=beside.place.short)
    scope = "/".join(one for one in (beside.place.scope, beside.place.id) if one != "city")
    deputy = beside.who.ref if by_hand and beside.came != "phone" else ""
    beside.reads = Landing(scope=scope, deputy=deputy)
    if not by_hand:
        to = beside.place.id if beside.came == "scan" else ""
        beside.reads = Landing(scope=scope if to else "city")
        story.until(story.at).take("TellOpinion", SYSTEM, to=to, text=text, kind=beside.voice.kind, name=name, phone=phone)
        return
    by, more = (beside.who.actor, {}) if deputy else (INTAKE, {"station": beside.place.id})
    story.until(story.at).take("RecordOpinion", by, came=beside.came, text=text, kind=beside.voice.kind, place=f"{beside.place.short}{beside.voice.where}",
                               name=name, phone=phone, **more)


def _handled(story: Said) -> None:
    n, voice = story.beside.n, story.beside.voice
    story.wait(*((0, 0) if story.stop in ("assigned", "handling") else (3, 4) if n % 17 == 12 else (0, 2)))
    if n % 2 and not story.stop:
        story.take("VerifyOpinion", INTAKE, verification=t.VERIFIED[n % len(t.VERIFIED)], place=f"{story.beside.place.short}{voice.where}")
        story.until(story.at + timedelta(minutes=25))
    if n % 12 == 7 and not story.stop:
        topic, answer = t.REFUSED[n // 12 % len(t.REFUSED)]
        story.take("RefuseOpinion", INTAKE, topic=topic, answer=answer)
        raise Now
    if n == MERGES:
        story.beside.reads = Other(state="told")
        story.take("MergeOpinion", INTAKE, into=derived("demo opinion", n + 1))
        raise Now
    if n % 6 == 4 and not story.stop:
        story.take("AnswerOpinionNow", INTAKE, kind=voice.kind, answer=t.AT_ONCE)
        _checked(story)
        return
    _by_unit(story)


def _by_unit(story: Said) -> None:
    n, voice = story.beside.n, story.beside.voice
    if n % 13 == 8:
        _assigned(story, 37 if voice.unit != 37 else 22)
        story.wait(0, 1).take("ReturnOpinion", _handler(story), reason=t.NOT_OURS)
        story.wait(0, 1)
    _assigned(story, voice.unit)
    story.wait(0, 1).take("AcceptOpinion", _handler(story))
    if n % 10 == 6:
        story.wait(2, 3).take("ExtendOpinion", _handler(story), reason=t.PUT_OFF)
    _answered(story)
    if n % 15 == 3 and not story.stop and story.wait(1, 2).there.state == "answered":
        story.take("RejectOpinion", _checker(story), reason=t.NOT_TRUE)
        _answered(story)
    _checked(story)


def _assigned(story: Said, unit: int) -> None:
    beside = story.beside
    beside.reads = frozenset(beside.town.units) | {beside.who.ref}
    named = {} if beside.n % 4 == 2 or story.there.parties.get("lead") else {"deputy": beside.who.ref.removeprefix("person:")}
    story.take("AssignOpinion", INTAKE, unit=f"department:{unit}", kind=beside.voice.kind, grade=beside.voice.grade, simple=beside.n % 9 == 1,
               note=t.NOTES[beside.n % len(t.NOTES)], **named)


def _answered(story: Said) -> None:
    """One in twelve after its limit, with the explanation that is owed then."""
    soon = "quick" in story.there.clocks
    if story.beside.n % 12 == 9 and not story.stop:
        story.wait(10, 13) if soon else story.wait(24, 30)
        story.explain(_handler(story), t.LATE)
    else:
        story.wait(1, 2) if soon or story.stop else story.wait(2, 12)
    story.take("AnswerOpinion", _handler(story), answer=story.beside.voice.answer)


def _checked(story: Said) -> None:
    """One in eleven is looked at by nobody in time: the hub goes on."""
    if story.beside.n % 11 == 7 and not story.stop:
        story.wait(9, 10)
    story.wait(*((0, 1) if story.stop else (1, 3)))
    if story.there.state == "answered":
        story.take("ConfirmOpinion", _checker(story), finding=t.FOUND[story.beside.n % len(t.FOUND)])


def _handler(story: Said) -> Any:
    [unit] = story.there.parties["lead_unit"]
    return story.beside.town.handlers[unit]


def _checker(story: Said) -> Any:
    return story.beside.who.actor if story.there.parties.get("lead") else INTAKE


def _rated(story: Said) -> None:
    """One in seven says nothing; some are not content and it is handled once more."""
    n = story.beside.n
    if n % 7 == 2 or story.there.state != "told":
        story.rest()
        raise Now
    if n % 8 == 5:
        _says(story, UNSATISFIED, t.UNHAPPY[n % len(t.UNHAPPY)])
        story.wait(0, 2)
        _by_unit(story)
        last = BASICALLY if n % 16 == 5 else UNSATISFIED
        _says(story, last, t.UNHAPPY[n % len(t.UNHAPPY)] if last == UNSATISFIED else "")
        return
    _says(story, BASICALLY if n % 4 == 3 else SATISFIED, t.WORDS[n % len(t.WORDS)])


def _says(story: Said, rating: str, word: str) -> None:
    """Unless it was closed meanwhile: long holidays lie between."""
    story.wait(1, 5)
    if story.there.state != "told":
        story.rest()
        raise Now
    story.take("RateOpinion", INTAKE if story.beside.came in ("phone", "reception") else SYSTEM, rating=rating, word=word)
