"""The demo city's suggestions and motions as a part of its year: sessions before them, the term after them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from hub.cases.demo_story import Stream, Told
from hub.cases.demo_town import COMMITTEE, INTAKE, Town
from hub.kernel.calendar import day_of
from hub.streams.proposals.demo import sessions_around
from hub.streams.proposals.demo_story import Story
from hub.streams.proposals.messages import SessionSaved, TermChanged
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.projection import FOLLOW, MOTIONS

MARK = "congress-terms"
"""The stream that is told last."""
SETTLED = (FOLLOW, MOTIONS)
TERM_SINCE = date(2022, 1, 18)
NOT_YET = frozenset(("draft", "cosigning", "returned", "delegation", "submitted", "review", "refused", "withdrawn", "lapsed", "discarded", "secretariat",
                     "presidium", "opinion"))
Accepted = tuple[UUID, str, date, datetime, tuple[str, ...]]
"""Case, title, the day it was begun, when it was accepted, the deputies who put it."""


def sessions(at: datetime) -> list[Stream]:
    return [
        (Told(at=at, life=PROPOSALS.name, stream=f"congress-{one.id}", by=COMMITTEE.id, event=SessionSaved(
            session=UUID(one.id), name=one.name, term=one.term, first=one.first, last=one.last, motions_until=one.motions_until)),)
        for one in sessions_around(day_of(at))]


def term_sits(town: Town) -> Told:
    return Told(at=town.now, life=PROPOSALS.name, stream=MARK, by=INTAKE.id, event=TermChanged(term=town.residents[0].term, since=TERM_SINCE))


def accepted(stories: Iterable[Story]) -> list[Accepted]:
    found: list[Accepted] = []
    for story in stories:
        if story.case is None or story.case.state in NOT_YET:
            continue
        at = next(one.at for one in story.told if getattr(one.event, "to", "draft") not in NOT_YET)
        people = tuple(dict.fromkeys((*story.case.parties["lead"], *story.case.parties.get("cosigner", ()))))
        found.append((story.id, story.case.facts.title, day_of(story.case.opened), at, people))
    return found


def busy(stories: Sequence[Story]) -> frozenset[str]:
    """Deputies who have something to do with a case: they are in office all the year."""
    return frozenset(one.by for story in stories for one in story.told) | frozenset(
        ref for story in stories if story.case for refs in story.case.parties.values() for ref in refs)
