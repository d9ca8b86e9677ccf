"""The demo city's year, put together of what every stream tells; told once, while the city is at work already."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from hub.cases.demo_load import Touch, Year, inhabited, tell_year
from hub.cases.demo_story import Enclosed, Stream, in_order
from hub.cases.demo_subscribed import subscribed
from hub.cases.demo_town import Town
from hub.gateway.archive import Archive, Arrival
from hub.kernel.calendar import day_of
from hub.kernel.clock import Clock
from hub.record import Database, Jobs, Journal
from hub.record.ending import to_its_end
from hub.streams.duties import demo as duties
from hub.streams.duties.demo_wishes import wishes
from hub.streams.exchange.works import DAILY
from hub.streams.legislation import demo as legislation
from hub.streams.legislation.demo_course import Wanted
from hub.streams.legislation.demo_filings import filings_of
from hub.streams.legislation.demo_papers import written
from hub.streams.opinions import demo as opinions
from hub.streams.proposals import demo as proposals
from hub.streams.proposals import demo_load as of_proposals
from hub.streams.proposals.demo_story import Story as Suggestion
from hub.streams.snapshots import demo as snapshots

WHOLE = proposals.STORIES


async def tell_the_year(db: Database, journal: Journal, files: Path, clock: Clock, touch: Touch, *, stories: int = WHOLE, gently: bool = True) -> None:
    """Nothing where it was told before. Where it is ended before its end, the next call goes on with it. `files`: the archive's folder."""
    await inhabited(db)
    wanted: list[Enclosed] = []
    archive = Archive(db, files)
    year = Year(first=of_proposals.sessions, told=partial(told, stories, wanted), last=of_proposals.term_sits, mark=of_proposals.MARK,
                settled=(*of_proposals.SETTLED, *duties.SETTLED, *legislation.SETTLED, *snapshots.SETTLED, *opinions.SETTLED),
                prepare=lambda: _enclose(archive, wanted, clock))
    await tell_year(db, journal, year, clock.now(), touch, gently=gently)
    async with db.transaction() as conn:
        await Jobs.put(conn, DAILY, "", clock.now())


def told(stories: int, wanted: list[Enclosed], town: Town) -> Sequence[Stream]:
    """Every stream of it, in the order of the journal. `wanted` gets the files that stand in it."""
    suggestions = proposals.stories_of(town, stories)
    busy = of_proposals.busy(suggestions)
    people = [one for one in town.residents if one.ref in busy]
    seen, heard = snapshots.year_of(town, people), opinions.year_of(town, people)
    laws, papers = legislation.year_of(town)
    filings, reports = filings_of(town)
    bookings, topics = duties.booked(town, people)
    wanted += [*map(_paper, (*papers, *reports)), *snapshots.enclosed(seen)]
    of_deputies = [*(tuple(one.told) for one in suggestions), *snapshots.streams(seen), *opinions.streams(heard)]
    cases = in_order([*of_deputies, *_duties(town, suggestions, seen, heard, busy), *topics, *laws, *filings])
    wishes_first, alerts = subscribed(wishes(town, people), cases, town.now)
    return [*bookings, *wishes_first, *cases, *alerts]


def _duties(town: Town, suggestions: Sequence[Suggestion], seen: Sequence[snapshots.Seen], heard: Sequence[opinions.Said],
            busy: frozenset[str]) -> list[Stream]:
    sessions = [duties.Meeting(one.name, one.first, one.last) for one in proposals.sessions_around(day_of(town.now))]
    credits = [*(duties.Credit(f"proposal:{case}", title, on, at, people) for case, title, on, at, people in of_proposals.accepted(suggestions)),
               *(duties.Credit(one.origin, one.title, one.on, one.at, (one.person,), "snapshot") for one in snapshots.counted(seen)),
               *(duties.Credit(one.origin, one.title, one.on, one.at, (one.person,), one.kind) for one in opinions.counted(heard))]
    return duties.year_of(town, sessions, credits, busy)


def _paper(one: Wanted) -> Enclosed:
    return Enclosed(one.id, one.name, one.by, partial(written, one.title, one.lines))


async def _enclose(archive: Archive, wanted: Iterable[Enclosed], clock: Clock) -> None:
    """Each is laid down anew: the archive keeps the very file that it is given."""
    with tempfile.TemporaryDirectory(prefix=".told-", dir=archive.folder) as desk:
        for one in wanted:
            raw = await to_its_end(_laid, Path(desk) / str(one.id), one)
            await archive.take(raw, Arrival(id=one.id, name=one.name, purpose="case", by=one.by, at=clock.now()))


def _laid(raw: Path, one: Enclosed) -> Path:
    raw.write_bytes(one.made())
    return raw
