"""The demo city: 7 districts, 1 main and 73 stations, 60 departments, and everybody in them.

The same seed gives the same city. All telephone numbers lie in +8619900xxxxxx, a range that the
demo's carriers alone know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from hub.directory import city_map
from hub.directory.city_words import (
    CITY_NAME,
    COMMITTEES,
    DEPARTMENTS,
    DISTRICTS,
    FEMALE,
    MALE,
    POSTS,
    ROADS,
    SURNAMES,
    TERM,
)
from hub.directory.facts import SQL
from hub.directory.groups import group_stream
from hub.directory.messages.events import GroupSaved, OrganisationSaved, PersonSaved, RosterSaved
from hub.directory.messages.shapes import OrgKind, PersonKind
from hub.directory.organisations import stream as organisation_stream
from hub.directory.people import stream as person_stream
from hub.directory.transfer import record
from hub.kernel.actor import CITY, SYSTEM
from hub.kernel.clock import CITY_ZONE
from hub.kernel.ids import derived
from hub.record import Database, Journal
from hub.spoke import Write

SEED = 20_260_101
DEPUTIES = 440
ATTENDEES = 205
ROSTER_DAYS = 30
SHIFTS = (("白班", time(8, 30), time(17, 30)), ("夜班", time(17, 30), time(8, 30)))


@dataclass(frozen=True, kw_only=True)
class City:
    organisations: tuple[OrganisationSaved, ...]
    people: tuple[PersonSaved, ...]
    groups: tuple[GroupSaved, ...]
    outlines: dict[str, dict[str, Any]]
    """A GeoJSON Feature for each district."""

    def at(self, kind: PersonKind, org: str) -> list[PersonSaved]:
        return [person for person in self.people if person.kind is kind and person.org == org]


@dataclass
class _Register:
    """Draws people; nobody gets another's number, openid or code."""

    random: Random
    people: list[PersonSaved] = field(default_factory=list)

    def add(self, code: str, kind: PersonKind, org: str, *, phone: bool = True, openid: bool = True, **more: Any) -> PersonSaved:
        gender = "女" if self.random.random() < 0.42 else "男"
        given = self.random.choice(FEMALE if gender == "女" else MALE)
        number = len(self.people) * 7919 % 1_000_000
        person = PersonSaved(
            id=derived("person", code), code=code, kind=kind, org=org, gender=gender,
            name=self.random.choice(SURNAMES) + given,
            phone=f"+8619900{number:06d}" if phone else "",
            openid=f"o_demo_{code.lower().replace('-', '_')}" if openid else "", **more,
        )
        self.people.append(person)
        return person


def demo_city(seed: int = SEED) -> City:
    random = Random(seed)
    rings = city_map.districts(random, len(DISTRICTS))
    register = _Register(random)
    places = _stations(random, rings)
    _staff(register, places)
    _deputies(register, places)
    _attendees(register)
    _handlers(register)
    people = tuple(register.people)
    return City(
        organisations=(*_upper(rings), *_with_contact(places, people), *_departments(random)),
        people=people,
        groups=_groups(random, people),
        outlines={
            f"district:{n}": city_map.feature(f"district:{n}", name, ring)
            for n, ((name, _), ring) in enumerate(zip(DISTRICTS, rings, strict=True), 1)
        },
    )


def demo_outlines(seed: int = SEED) -> dict[str, Any]:
    """All districts as one GeoJSON FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(demo_city(seed).outlines.values())}


def _upper(rings: Sequence[city_map.Ring]) -> list[OrganisationSaved]:
    city = OrganisationSaved(
        id=CITY, kind=OrgKind.CITY, name=CITY_NAME, short_name=CITY_NAME,
        lon=city_map.CENTRE[0], lat=city_map.CENTRE[1],
    )
    spots = [city_map.degrees(city_map.middle(ring)) for ring in rings]
    return [city] + [
        OrganisationSaved(id=f"district:{n}", kind=OrgKind.DISTRICT, parent=CITY, name=name, short_name=name,
                          lon=lon, lat=lat, sort=n)
        for n, ((name, _), (lon, lat)) in enumerate(zip(DISTRICTS, spots, strict=True), 1)
    ]


def _stations(random: Random, rings: Sequence[city_map.Ring]) -> list[OrganisationSaved]:
    """The main station, then 1 to 73, district by district."""
    lon, lat = city_map.degrees(city_map.middle(rings[0]))
    places = [_station(0, CITY, f"{CITY_NAME}人大代表联络总站", "总站", (lon, lat), "望江区市民广场 1 号", random)]
    for district, ((district_name, streets), ring) in enumerate(zip(DISTRICTS, rings, strict=True), 1):
        for street, spot in zip(streets, city_map.scatter(random, ring, len(streets)), strict=True):
            address = f"{district_name}{street}{random.choice(ROADS)}路 {random.randint(1, 299)} 号"
            places.append(_station(len(places), f"district:{district}", f"{street}代表联络站", street,
                                   city_map.degrees(spot), address, random))
    return places


def _station(
    number: int, parent: str, name: str, short: str, spot: city_map.Point, address: str, random: Random,
) -> OrganisationSaved:
    return OrganisationSaved(
        id=f"station:{number}", kind=OrgKind.STATION, parent=parent, name=name, short_name=short,
        lon=spot[0], lat=spot[1], address=address, sort=number, auto_answer=True,
        hours=random.choice(("周一至周五 9:00-17:00", "周一至周六 8:30-17:30", "每月 15 日代表接待日，工作日 9:00-17:00")),
        phone=f"0500-8{number:03d}{random.randint(0, 999):03d}",
    )


def _with_contact(places: Sequence[OrganisationSaved], people: Sequence[PersonSaved]) -> list[OrganisationSaved]:
    first = {person.org: person.name for person in reversed(people) if person.kind is PersonKind.STAFF}
    return [_replace(place, contact=first[place.id]) for place in places]


def _replace(place: OrganisationSaved, **changes: Any) -> OrganisationSaved:
    return OrganisationSaved(**{name: getattr(place, name) for name in place.__struct_fields__} | changes)


def _departments(random: Random) -> list[OrganisationSaved]:
    return [
        OrganisationSaved(
            id=f"department:{n}", kind=OrgKind.DEPARTMENT, parent=CITY, name=name, short_name=name.removeprefix("市"),
            address=f"望江区行政中心 {random.randint(1, 6)} 号楼", hours="周一至周五 9:00-17:30",
            phone=f"0500-6{n:03d}{random.randint(0, 999):03d}", sort=n,
        )
        for n, name in enumerate(DEPARTMENTS, 1)
    ]


def _district_of(place: OrganisationSaved) -> str:
    return DISTRICTS[int(place.parent.partition(":")[2]) - 1][0] if place.parent and place.parent != CITY else ""


def _staff(register: _Register, places: Sequence[OrganisationSaved]) -> None:
    for number, place in enumerate(places):
        for n in range(4 if number == 0 else 2):
            register.add(f"S{number:03d}-{n + 1}", PersonKind.STAFF, place.id, district=_district_of(place),
                         post="站长" if n == 0 else "联络员", openid=register.random.random() < 0.9)


def _deputies(register: _Register, places: Sequence[OrganisationSaved]) -> None:
    """Six at each station, two more at the first two of the city; a few cannot be reached by some road, or by any."""
    random = register.random
    stations = places[1:]
    for n in range(DEPUTIES):
        place = stations[n % len(stations)]
        post, tags = random.choice(POSTS)
        street = place.short_name
        register.add(
            f"D{n + 1:04d}", PersonKind.DEPUTY, place.id, phone=n % 40 != 17 and n % 110 != 61,
            openid=n % 20 != 7 and n % 110 != 61, district=_district_of(place),
            delegation=f"{_district_of(place)}代表团", term=TERM,
            post=post.format(place=street, n=random.choice("一二三四五六")), tags=tags,
            opt_out=("voice",) if n % 90 == 33 else (),
        )


def _attendees(register: _Register) -> None:
    for n in range(ATTENDEES):
        department = n % (len(DEPARTMENTS) + len(DISTRICTS))
        inner = department < len(DEPARTMENTS)
        register.add(
            f"L{n + 1:04d}", PersonKind.ATTENDEE,
            f"department:{department + 1}" if inner else f"district:{department - len(DEPARTMENTS) + 1}",
            openid=n % 20 != 3, phone=n % 50 != 29, term=TERM,
            district="" if inner else DISTRICTS[department - len(DEPARTMENTS)][0],
            post=register.random.choice(("局长", "副局长", "主任", "副主任", "处长") if inner else ("区长", "副区长", "人大主任")),
        )


def _handlers(register: _Register) -> None:
    for n in range(1, len(DEPARTMENTS) + 1):
        for k in range(1 + n % 2):
            register.add(f"H{n:02d}-{k + 1}", PersonKind.HANDLER, f"department:{n}", post="建议办理经办人",
                         openid=register.random.random() < 0.8)


def _groups(random: Random, people: Sequence[PersonSaved]) -> tuple[GroupSaved, ...]:
    deputies = [person for person in people if person.kind is PersonKind.DEPUTY]
    committees = [_group(name, "专门委员会", _committee(random, deputies, tag)) for name, tag in COMMITTEES]
    return (
        *committees,
        _group("常委会会议列席人员", "会议", [p for p in people if p.kind is PersonKind.ATTENDEE][:60]),
        _group("防汛应急联络组", "应急", [p for p in people if p.kind is PersonKind.STAFF][::6]),
        GroupSaved(id=derived("group", "主城区站点"), name="主城区站点", kind="站点",
                   members=tuple(sorted(f"station:{n}" for n in range(24)))),
    )


def _committee(random: Random, deputies: Sequence[PersonSaved], tag: str) -> list[PersonSaved]:
    skilled = [person for person in deputies if tag in person.tags]
    others = [person for person in deputies if tag not in person.tags]
    return random.sample(skilled, min(12, len(skilled))) + random.sample(others, 7)


def _group(name: str, kind: str, people: Sequence[PersonSaved]) -> GroupSaved:
    return GroupSaved(id=derived("group", name), name=name, kind=kind,
                      members=tuple(sorted(f"person:{person.id}" for person in people)))


def demo_rosters(city: City, first: date) -> tuple[RosterSaved, ...]:
    """Thirty days: the main station by day and night, every other station by day."""
    staff = {org.id: [person.id for person in city.at(PersonKind.STAFF, org.id)]
             for org in city.organisations if org.kind is OrgKind.STATION}
    return tuple(
        _shift(org, first + timedelta(days=day), shift, turn, people)
        for org, people in staff.items()
        for day in range(ROSTER_DAYS)
        for turn, shift in enumerate(SHIFTS if org == "station:0" else SHIFTS[:1], 2 * day if org == "station:0" else day)
    )


def _shift(org: str, day: date, shift: tuple[str, time, time], turn: int, people: Sequence[UUID]) -> RosterSaved:
    duty, start, end = shift
    last = day if end > start else day + timedelta(days=1)
    return RosterSaved(
        id=derived("roster", org, day, duty), org=org, day=day, duty=duty,
        starts=datetime.combine(day, start, CITY_ZONE), ends=datetime.combine(last, end, CITY_ZONE),
        person=people[turn % len(people)], backup=people[(turn + 1) % len(people)],
    )


async def load_demo_city(db: Database, journal: Journal, at: datetime) -> bool:
    """Fills an empty directory; leaves any other as it is and returns False."""
    async with db.read() as conn:
        if not await conn.fetchval(SQL["is_empty"]):
            return False
    city = demo_city()
    async with db.transaction() as conn:
        await conn.executemany(SQL["save_outline"], list(city.outlines.items()))
    rosters = demo_rosters(city, at.astimezone(CITY_ZONE).date())
    await record(journal, SYSTEM, at, (
        *_writes(city.organisations, organisation_stream), *_writes(city.people, person_stream),
        *_writes(city.groups, group_stream), *_writes(rosters, lambda id: f"roster-{id}"),
    ), hashlib.sha256(b"demo city").digest())
    return True


def _writes(events: Sequence[Any], stream: Callable[[Any], str]) -> list[Write]:
    return [Write(stream(event.id), 0, (event,)) for event in events]
