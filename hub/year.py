"""The demo city's year, put together of what every stream tells; told once, while the city is at work already."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from hub.cases.demo_load import Touch, Year, inhabited, tell_year
from hub.cases.demo_story import Stream, in_order
from hub.cases.demo_town import Town
from hub.gateway.archive import Archive, Arrival
from hub.kernel.calendar import day_of
from hub.kernel.clock import Clock
from hub.record import Database, Journal
from hub.streams.duties import demo as duties
from hub.streams.legislation import demo as legislation
from hub.streams.legislation.demo_course import Wanted
from hub.streams.legislation.demo_papers import written
from hub.streams.proposals import demo as proposals
from hub.streams.proposals import demo_load as of_proposals

WHOLE = proposals.STORIES


async def tell_the_year(db: Database, journal: Journal, files: Path, clock: Clock, touch: Touch, *, stories: int = WHOLE, gently: bool = True) -> None:
    """Nothing where it was told before. Where it is ended before its end, the next call goes on with it. `files`: the archive's folder."""
    await inhabited(db)
    wanted: list[Wanted] = []
    archive = Archive(db, files)
    year = Year(first=of_proposals.sessions, told=partial(_told, stories, wanted), last=of_proposals.term_sits, mark=of_proposals.MARK,
                settled=(*of_proposals.SETTLED, *duties.SETTLED, *legislation.SETTLED), prepare=lambda: _enclose(archive, wanted, clock))
    await tell_year(db, journal, year, clock.now(), touch, gently=gently)


def _told(stories: int, wanted: list[Wanted], town: Town) -> Sequence[Stream]:
    suggestions = proposals.stories_of(town, stories)
    sessions = [duties.Meeting(one.name, one.first, one.last) for one in proposals.sessions_around(day_of(town.now))]
    credits = [duties.Credit(f"proposal:{case}", title, on, at, people) for case, title, on, at, people in of_proposals.accepted(suggestions)]
    laws, papers = legislation.year_of(town)
    wanted += papers
    return in_order([*(tuple(one.told) for one in suggestions), *duties.year_of(town, sessions, credits, of_proposals.busy(suggestions)), *laws])


async def _enclose(archive: Archive, wanted: Iterable[Wanted], clock: Clock) -> None:
    with tempfile.TemporaryDirectory(prefix=".told-", dir=archive.folder) as desk:
        raw = Path(desk) / "paper"
        for one in wanted:
            await asyncio.to_thread(raw.write_bytes, written(one.title, one.lines))
            await archive.take(raw, Arrival(id=one.id, name=one.name, purpose="case", by=one.by, at=clock.now()))
