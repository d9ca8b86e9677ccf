from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta

import pytest

from hub.directory.city import demo_city, demo_outlines, demo_rosters
from hub.directory.city_map import inside
from hub.directory.messages.shapes import OrgKind, PersonKind


@pytest.fixture(scope="module")
def city():
    return demo_city()


def ring(city, district):
    return tuple(map(tuple, city.outlines[district]["geometry"]["coordinates"][0]))


def test_the_city_has_the_size_that_was_asked_for(city):
    assert Counter(org.kind for org in city.organisations) == {
        OrgKind.CITY: 1, OrgKind.DISTRICT: 7, OrgKind.STATION: 74, OrgKind.DEPARTMENT: 60}
    people = Counter(person.kind for person in city.people)
    assert (people[PersonKind.DEPUTY], people[PersonKind.ATTENDEE]) == (440, 205)
    assert {org.id for org in city.organisations if org.kind is OrgKind.STATION} == {f"station:{n}" for n in range(74)}


def test_the_same_seed_gives_the_same_city_and_another_seed_another(city):
    assert demo_city() == city
    assert demo_city(7).people != city.people


def test_every_station_stands_inside_its_district_and_no_two_in_one_place(city):
    stations = [org for org in city.organisations if org.kind is OrgKind.STATION]
    for station in stations:
        district = station.parent if station.parent != "city" else "district:1"
        assert inside(ring(city, district), (station.lon, station.lat)), station.id
    assert len({(station.lon, station.lat) for station in stations}) == 74


def test_districts_do_not_overlap_and_neighbours_share_their_border(city):
    rings = {district: ring(city, district) for district in city.outlines}
    for station in (org for org in city.organisations if org.kind is OrgKind.STATION):
        assert sum(inside(each, (station.lon, station.lat)) for each in rings.values()) == 1
    shared = Counter(point for each in rings.values() for point in set(each))
    assert sum(count > 1 for count in shared.values()) > 100


def test_outlines_are_closed_geojson_polygons():
    outlines = demo_outlines()
    assert outlines["type"] == "FeatureCollection"
    for feature in outlines["features"]:
        line = feature["geometry"]["coordinates"][0]
        assert line[0] == line[-1]
        assert sum((bx - ax) * (by + ay) for (ax, ay), (bx, by) in itertools.pairwise(line)) < 0


def test_people_have_numbers_and_openids_of_the_demo_and_nobody_shares_one(city):
    phones = [person.phone for person in city.people if person.phone]
    openids = [person.openid for person in city.people if person.openid]
    deputies = [person for person in city.people if person.kind is PersonKind.DEPUTY]
    assert len(set(phones)) == len(phones)
    assert len(set(openids)) == len(openids)
    assert all(phone.startswith("+8619900") and len(phone) == 14 for phone in phones)
    assert all(openid.startswith("o_demo_") for openid in openids)
    assert 0.93 < sum(bool(person.openid) for person in deputies) / 440 < 0.97
    assert 0 < sum(not person.phone and not person.openid for person in deputies) < 10


def test_duty_rosters_fill_thirty_days_without_a_gap_at_the_main_station(city):
    rosters = demo_rosters(city, date(2026, 3, 2))
    main = sorted((roster for roster in rosters if roster.org == "station:0"), key=lambda roster: roster.starts)
    assert {roster.org for roster in rosters} == {f"station:{n}" for n in range(74)}
    assert all(a.ends == b.starts for a, b in itertools.pairwise(main))
    assert main[-1].day == date(2026, 3, 2) + timedelta(days=29)
    assert all(roster.person != roster.backup for roster in rosters)
