"""The rules for people, organisations, groups and rosters, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from hub.directory import groups, organisations, people
from hub.directory.messages.commands import (
    BindOpenId,
    Saved,
    SaveGroup,
    SaveOrganisation,
    SavePerson,
    SaveRoster,
    SpoilAddress,
)
from hub.directory.messages.events import (
    AddressSpoiled,
    OpenIdBound,
    OrganisationSaved,
    PersonSaved,
)
from hub.directory.messages.shapes import OrgKind, PersonKind
from hub.directory.model import OrgFact, PersonFact
from hub.directory.people_pinyin import search_key
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.spoke import Write

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ID, WHO, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
STATION = OrgFact(id="station:1", kind=OrgKind.STATION, parent="district:1",
                  path=("city", "district:1", "station:1"), name="梧桐站", version=3)
DISTRICT = OrgFact(id="district:2", kind=OrgKind.DISTRICT, parent="city", path=("city", "district:2"), name="青屏区")
KNOWN = PersonFact(id=WHO, code="D1", kind="deputy", name="张三", org="station:1", path=STATION.path,
                   phone="+8613900001111", openid="o_1", version=4)
ELSEWHERE = Actor(id="account:1", name="甲", roles=(Role.ADMINISTRATOR,), scopes=("district:2",))
HIMSELF = Actor(id=f"person:{WHO}", name="张三", roles=(Role.DEPUTY,), scopes=(f"person:{WHO}",))


def wish(**more):
    wanted: dict[str, Any] = {"id": ID, "person": WHO, "kind": PersonKind.DEPUTY, "name": " 张  三 ", "org": "station:1",
                              "phone": "139 0000 1111", "code": "D1", "openid": "o_1"}
    return SavePerson(**wanted | more)


def test_a_person_is_saved_clean_with_the_phone_in_one_form():
    decision = people.save_person(people.PersonFacts(person=None, org=STATION), wish(code=""), SYSTEM, AT)

    assert decision.writes == (Write(f"person-{WHO}", 0, (PersonSaved(
        id=WHO, code=people.own_code(WHO), kind=PersonKind.DEPUTY, name="张 三", org="station:1",
        phone="+8613900001111", openid="o_1",
    ),)),)
    assert decision.result == Saved(str(WHO), 1)


def test_saving_what_stands_already_records_nothing():
    decision = people.save_person(people.PersonFacts(person=KNOWN, org=STATION), wish(name="张三"), SYSTEM, AT)
    assert (decision.writes, decision.result) == ((), Saved(str(WHO), 4))


@pytest.mark.parametrize(("facts", "command", "error", "field"), [
    (people.PersonFacts(person=None, org=None), wish(), NotFound, "org"),
    (people.PersonFacts(person=None, org=STATION), wish(phone="12"), Refused, "phone"),
    (people.PersonFacts(person=None, org=STATION), wish(name="张\u202e三"), Refused, "name"),
    (people.PersonFacts(person=None, org=STATION), wish(name="\u3000"), Conflict, "name"),
    (people.PersonFacts(person=None, org=STATION, code_of="李四"), wish(), Conflict, "code"),
    (people.PersonFacts(person=None, org=STATION, openid_of="李四"), wish(), Conflict, "openid"),
    (people.PersonFacts(person=KNOWN, org=STATION), wish(version=3), Conflict, "version"),
])
def test_a_wrong_wish_is_refused_at_the_field_that_is_wrong(facts, command, error, field):
    with pytest.raises(error) as refusal:
        people.save_person(facts, command, SYSTEM, AT)
    assert refusal.value.field == field


def test_nobody_saves_people_outside_their_area():
    with pytest.raises(Forbidden):
        people.save_person(people.PersonFacts(person=None, org=STATION), wish(), ELSEWHERE, AT)
    with pytest.raises(Forbidden):
        people.save_person(people.PersonFacts(person=KNOWN, org=DISTRICT), wish(org="district:2"), ELSEWHERE, AT)


def test_a_deputy_binds_their_own_wechat_and_nobody_elses():
    decision = people.bind_openid(people.PersonFacts(person=KNOWN), BindOpenId(id=ID, person=WHO, openid="o_2"), HIMSELF, AT)
    assert decision.writes[0].events == (OpenIdBound(id=WHO, openid="o_2"),)

    stranger = PersonFact(id=OTHER, code="D2", kind="deputy", name="李四", org="station:1", path=STATION.path)
    with pytest.raises(Forbidden):
        people.bind_openid(people.PersonFacts(person=stranger), BindOpenId(id=ID, person=OTHER, openid="o_2"), HIMSELF, AT)


def test_a_spoiled_address_is_recorded_once_with_the_address_it_was():
    command = SpoilAddress(id=ID, person=WHO, channel="sms", why="空号")
    decision = people.spoil_address(people.PersonFacts(person=KNOWN), command, SYSTEM, AT)
    assert decision.writes[0].events == (AddressSpoiled(id=WHO, channel="sms", address="+8613900001111", why="空号"),)

    spoiled = PersonFact(id=WHO, code="D1", kind="deputy", name="张三", org="station:1", path=STATION.path,
                         phone="+8613900001111", phone_bad="空号")
    assert people.spoil_address(people.PersonFacts(person=spoiled), command, SYSTEM, AT).writes == ()


def test_a_station_may_not_stand_under_a_department():
    department = OrgFact(id="department:1", kind=OrgKind.DEPARTMENT, parent="city", path=("city", "department:1"), name="市教育局")
    command = SaveOrganisation(id=ID, organisation="station:80", name="新站", parent="department:1")
    with pytest.raises(Refused) as refusal:
        organisations.save_organisation(organisations.OrganisationFacts(None, department), command, SYSTEM, AT)
    assert refusal.value.code == "wrong-parent"


def test_who_holds_a_station_edits_it_but_does_not_move_it():
    keeper = Actor(id="account:2", name="站长", roles=(Role.ADMINISTRATOR,), scopes=("station:1",))
    district = OrgFact(id="district:1", kind=OrgKind.DISTRICT, parent="city", path=("city", "district:1"), name="望江区")
    stay = SaveOrganisation(id=ID, organisation="station:1", name="梧桐站", parent="district:1", hours="9:00-17:00")
    move = SaveOrganisation(id=ID, organisation="station:1", name="梧桐站", parent="district:2")

    decision = organisations.save_organisation(organisations.OrganisationFacts(STATION, district), stay, keeper, AT)

    assert decision.writes == (Write("organisation-station:1", 3, (OrganisationSaved(
        id="station:1", kind=OrgKind.STATION, name="梧桐站", parent="district:1", hours="9:00-17:00"),)),)
    with pytest.raises(Forbidden):
        organisations.save_organisation(organisations.OrganisationFacts(STATION, DISTRICT), move, keeper, AT)


def test_half_a_coordinate_is_refused():
    command = SaveOrganisation(id=ID, organisation="station:1", name="站", parent="district:1", lon=119.5)
    with pytest.raises(Refused) as refusal:
        organisations.save_organisation(organisations.OrganisationFacts(STATION, DISTRICT), command, SYSTEM, AT)
    assert refusal.value.field == "lat"


def test_a_group_with_strangers_or_a_taken_name_is_refused():
    command = SaveGroup(id=ID, group=OTHER, name="应急组", members=(f"person:{WHO}",))
    city = OrgFact(id="city", kind=OrgKind.CITY, parent=None, path=("city",), name="云澜市")
    with pytest.raises(NotFound):
        groups.save_group(groups.GroupFacts(group=None, scope=city, strangers=(f"person:{WHO}",)), command, SYSTEM, AT)
    with pytest.raises(Conflict):
        groups.save_group(groups.GroupFacts(group=None, scope=city, name_taken=True), command, SYSTEM, AT)


@pytest.mark.parametrize(("more", "field"), [
    ({"ends": AT}, "ends"),
    ({"ends": datetime(2026, 4, 2, tzinfo=UTC)}, "ends"),
    ({"starts": datetime(2026, 3, 2)}, "starts"),  # noqa: DTZ001 - a wish without its zone
    ({"person": OTHER}, "person"),
    ({"backup": WHO}, "backup"),
])
def test_an_impossible_duty_is_refused(more, field):
    command = SaveRoster(**{"id": ID, "roster": ID, "org": "station:1", "day": date(2026, 3, 2), "starts": AT,
                            "ends": datetime(2026, 3, 2, 9, tzinfo=UTC), "person": WHO} | more)
    facts = groups.RosterFacts(roster=None, org=STATION, people=frozenset({WHO}))
    with pytest.raises(Refused) as refusal:
        groups.save_roster(facts, command, SYSTEM, AT)
    assert refusal.value.field == field


def test_names_are_found_by_pinyin_and_initials_surnames_read_rightly():
    assert search_key("张伟明") == "zhangweiming zwm"
    assert "zengxiaohong zxh" in search_key("曾小红")
    assert "shanjunjie sjj" in search_key("单俊杰")
