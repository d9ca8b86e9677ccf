"""The demo city's year can be told on any day."""

from datetime import date

import pytest

from hub.directory.city import demo_city
from hub.directory.messages.shapes import PersonKind
from hub.kernel.actor import Actor, Role
from hub.kernel.calendar import Calendar, begin_of
from hub.kernel.lifecycle import CaseClockStruck, CaseNoteAnswered
from hub.streams.proposals.demo import sessions_around, year_of
from hub.streams.proposals.demo_story import Town
from hub.streams.proposals.seen import Deputy, Seen
from hub.streams.proposals.spoke import SPOKE


def town(day):
    city = demo_city()
    deputies = [Deputy(ref=f"person:{one.id}", name=one.name, delegation=one.delegation) for one in city.people if one.kind is PersonKind.DEPUTY]
    units = [org.id for org in city.organisations if org.id.startswith("department:")]

    def worker(unit, role):
        return Actor(id=f"person:{role}-{unit}", name=unit, roles=(role,), scopes=(unit,))

    return Town(
        seen=Seen(deputies={one.ref: one for one in deputies}, units={org.id: org.name for org in city.organisations}, in_office=len(deputies),
                  sessions=sessions_around(day), term="第十六届"),
        deputies=tuple(Actor(id=one.ref, name=one.name, roles=(Role.DEPUTY,), scopes=(one.ref,)) for one in deputies),
        handlers={unit: worker(unit, Role.HANDLER) for unit in units}, heads={unit: worker(unit, Role.HEAD) for unit in units},
        calendar=Calendar(), now=begin_of(day, 10))


@pytest.mark.parametrize("day", [date(2027, 1, 20), date(2028, 2, 29)])
def test_a_year_ends_on_the_day_and_nothing_lies_ahead(day):
    told = year_of(town(day), stories=30)
    assert max(one.at for one in told) <= begin_of(day, 10)
    assert (day - told[0].at.date()).days > 300
    assert len({one.stream for one in told}) > 45
    assert {type(one.event) for one in told} <= {*SPOKE.events, CaseClockStruck, CaseNoteAnswered}
    assert [one for one in told if one.expected == 0] == [one for one in told if type(one.event).__name__ == "ProposalDrafted"]
