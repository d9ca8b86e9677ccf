"""The demo city's year can be told on any day, and ends on it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from threading import Event, Thread

import pytest

from hub.business import STREAMS
from hub.cases.demo_load import AT_ONCE, Year, composed, pieces
from hub.cases.demo_story import Stream, placed
from hub.cases.demo_town import Place, Resident, Town
from hub.cases.shapes import shapes_of, whose
from hub.directory.city import demo_city
from hub.directory.messages.shapes import PersonKind
from hub.kernel.actor import Actor, Role
from hub.kernel.calendar import Calendar, begin_of
from hub.streams.proposals.demo_load import MARK, term_sits
from hub.year import told as told_of
from tests.patience import PATIENCE


def town(day: date) -> Town:
    city = demo_city()
    names = {org.id: org for org in city.organisations}
    units = {org.id: org.name for org in city.organisations if org.id.startswith("department:")}

    def worker(unit: str, role: Role) -> Actor:
        return Actor(id=f"person:{role}-{unit}", name=unit, roles=(role,), scopes=(unit,))

    return Town(
        residents=tuple(Resident(ref=f"person:{one.id}", code=one.code, name=one.name, org=one.org, delegation=one.delegation, district=one.district,
                                 post=one.post, term=one.term, tags=one.tags) for one in city.people if one.kind is PersonKind.DEPUTY),
        stations=tuple(Place(id=org.id, name=org.name, short=org.short_name, address=org.address, lon=org.lon or 0.0, lat=org.lat or 0.0,
                             district=names[org.parent].name if org.parent in names and str(org.parent).startswith("district") else "")
                       for org in city.organisations if org.id.startswith("station:")),
        units=units, handlers={unit: worker(unit, Role.HANDLER) for unit in units}, heads={unit: worker(unit, Role.HEAD) for unit in units},
        calendar=Calendar(), now=begin_of(day, 10))


@pytest.mark.parametrize("day", [date(2027, 1, 20), date(2028, 2, 29)])
def test_a_year_ends_on_the_day_and_nothing_lies_ahead(day: date):
    assert STREAMS, "their lives are known"
    streams = told_of(20, [], town(day))
    assert max(one.at for told in streams for one in told) <= begin_of(day, 10)
    assert len({told[0].stream for told in streams}) == len(streams) > 1500
    for told in streams:
        assert [one.at for one in told] == sorted(one.at for one in told)
        assert {one.stream for one in told} == {told[0].stream}
    hours = [placed(shapes_of(told[0].life).life, told) for told in streams if whose(told[0].stream)]
    assert hours == sorted(hours)
    assert (day - hours[0].date()) > timedelta(days=360)
    assert [one for piece in pieces(streams) for one in piece] == [one for told in streams for one in told]
    assert max(map(len, pieces(streams))) <= max(AT_ONCE, *map(len, streams))


def test_a_hub_that_is_to_end_waits_for_no_composing():
    begun, may_end = Event(), Event()

    def told(_town: Town) -> Sequence[Stream]:
        begun.set()
        may_end.wait(PATIENCE)
        return ()

    async def end_meanwhile() -> None:
        year = Year(first=lambda at: (), told=told, last=term_sits, mark=MARK)
        async with asyncio.TaskGroup() as group:
            composing = group.create_task(composed(year, town(date(2027, 1, 20))))
            await asyncio.to_thread(begun.wait, PATIENCE)
            composing.cancel()

    hub = Thread(target=asyncio.run, args=(end_meanwhile(),))
    hub.start()
    hub.join(PATIENCE / 2)
    ended = not hub.is_alive()
    may_end.set()

    assert (begun.is_set(), ended) == (True, True)
