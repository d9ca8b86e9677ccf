"""The demo city's opinions can be told on any day, long holidays included."""

from __future__ import annotations

from datetime import date

import pytest

from hub.cases.calendars import published
from hub.cases.demo_town import Place, Resident, Town
from hub.kernel.actor import Actor, Role
from hub.kernel.calendar import begin_of
from hub.kernel.ids import derived
from hub.streams.opinions import demo
from hub.streams.opinions.spoke import SPOKE

UNITS = {f"department:{n}": f"{n}号局" for n in range(1, 61)}


def town(day: date, hour: int) -> Town:
    handlers = {unit: Actor(id=f"person:{unit}", name=unit, roles=(Role.HANDLER,), scopes=(unit,)) for unit in UNITS}
    return Town(
        residents=tuple(Resident(ref=f"person:{derived('deputy', n)}", code=f"D{n}", name=f"代表{n}", org="district:1", district="望江区") for n in range(40)),
        stations=tuple(Place(id=f"station:{n}", name=f"{n}站", short=f"{n}站", address="", lon=120.0, lat=28.0, district="望江区", scope="district:1") for n in (1, 2, 3)),
        units=UNITS, handlers=handlers, heads=handlers, calendar=published(), now=begin_of(day, hour))


@pytest.mark.parametrize("day", [date(2026, 2, 20), date(2026, 6, 1), date(2026, 10, 8), date(2026, 11, 22)])
def test_sixty_are_told_and_most_are_handled_to_peoples_content(day: date):
    assert SPOKE.name == "opinions"
    for hour in (3, 11, 19):
        place = town(day, hour)
        told = demo.year_of(place, place.residents)
        ends = [one.there.facts.rating for one in told]
        assert (len(told), max(step.at for one in told for step in one.told) <= place.now) == (60, True)
        assert ends.count("satisfied") + ends.count("basically") > 4 * ends.count("unsatisfied") > 0
        assert demo.streams(demo.year_of(place, place.residents)) == demo.streams(told)
