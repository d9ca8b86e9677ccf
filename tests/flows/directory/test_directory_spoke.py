"""Commands and views of the directory, through the desk, on a real database."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from hub.bus.memory import MemoryBus
from hub.desk import Desk
from hub.directory import views
from hub.directory.city import load_demo_city
from hub.directory.messages.commands import (
    BindOpenId,
    ClearAddress,
    RemoveGroup,
    RemovePerson,
    RemoveRoster,
    SaveGroup,
    SaveOrganisation,
    SavePerson,
    SaveRoster,
    SpoilAddress,
)
from hub.directory.messages.params import (
    NoParams,
    OfGroup,
    OfPerson,
    OnDutyParams,
    PeopleParams,
    RostersParams,
)
from hub.directory.messages.shapes import PersonKind
from hub.directory.projection import project
from hub.directory.spoke import DIRECTORY
from hub.directory.views import VIEWS, organisations_again, organisations_room
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.clock import SetClock
from hub.kernel.errors import Conflict, Forbidden, NotFound
from hub.record import Audit
from hub.telling import Teller

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DISTRICT = Actor(id="account:1", name="区", roles=(Role.ADMINISTRATOR,), scopes=("district:3",))
TWO = Actor(id="account:2", name="两区", roles=(Role.VIEWER,), scopes=("district:4", "district:3"))
VIEWER = Actor(id="account:3", name="看", roles=(Role.VIEWER,), scopes=("city",))


class Touches(Teller):
    """Remembers what was touched; a real teller otherwise."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.seen: set[tuple[str, str]] = set()

    def touch(self, touched) -> None:
        self.seen |= set(touched)
        super().touch(touched)


@pytest.fixture
async def desk(db, journal):
    await load_demo_city(db, journal, AT)
    teller = Touches(db, MemoryBus(), VIEWS)
    made = Desk(db=db, journal=journal, audit=Audit(db), teller=teller, clock=SetClock(AT), spokes=(DIRECTORY,))
    made.touches = teller  # type: ignore[attr-defined]
    return made


def new_person(**more) -> SavePerson:
    wanted: dict[str, Any] = {"id": uuid4(), "person": uuid4(), "kind": PersonKind.DEPUTY, "name": "欧阳测试",
                              "org": "station:30", "phone": "13800002222", "tags": ("测试",)}
    return SavePerson(**wanted | more)


async def see(db, view, params=NoParams(), actor=SYSTEM):  # noqa: B008 - a frozen struct
    async with db.read() as conn:
        return await view(conn, params, actor)


async def names(db, actor=SYSTEM, **params):
    page = await see(db, views.people, PeopleParams(**params), actor)
    return [row.name for row in page.rows]


async def test_the_demo_city_is_loaded_once_into_an_empty_directory_only(desk, db, journal):
    head = await journal.head()
    assert not await load_demo_city(db, journal, AT)
    assert await journal.head() == head
    assert (await see(db, views.people, PeopleParams())).total == 885
    assert (await see(db, views.outlines)).total == 7


async def test_a_saved_person_is_found_by_name_pinyin_initials_code_and_phone(desk, db):
    wish = new_person(code="Z9001")
    result = await desk.ask(wish, SYSTEM)
    assert result == {"id": str(wish.person), "version": 1}
    for text in ("欧阳测试", "测试", "ouyangceshi", "OYCS", "z9001", "138 0000 2222", "2222"):
        assert "欧阳测试" in await names(db, text=text), text
    assert await names(db, text="%") == []


async def test_the_organisations_counts_change_with_their_people_and_the_change_equals_a_fresh_look(desk, db):
    before = {row.id: row for row in (await see(db, views.organisations)).rows}
    await desk.ask(new_person(), SYSTEM)

    touched = {key for view, key in desk.touches.seen if view == "organisations"}
    async with db.read() as conn:
        changes = await organisations_again(conn, sorted(touched))
    after = {row.id: row for row in (await see(db, views.organisations)).rows}

    assert before | {change.key: change.row for change in changes} == after
    assert touched == {"city", "district:3", "station:30"}
    assert after["district:3"].people["deputy"] == before["district:3"].people["deputy"] + 1


async def test_each_watcher_is_told_in_the_room_it_joined(desk, db):
    async with db.transaction() as conn:
        await conn.execute("""insert into access.account (id, login, name, password_hash, roles, scopes, created)
            values ($1, 'two', 'x', 'x', '{viewer}', $2, $3)""", uuid4(), list(TWO.scopes), AT)
        changes = await organisations_again(conn, ["station:30"])
    rooms = {room for change in changes for room in change.rooms}
    assert rooms == {
        "organisations/city", "organisations/district:3", "organisations/station:30",
        organisations_room(NoParams(), TWO),
    }


async def test_every_view_shows_only_what_lies_in_the_actors_scopes(desk, db):
    organisations = await see(db, views.organisations, actor=DISTRICT)
    people = await see(db, views.people, PeopleParams(limit=500), DISTRICT)
    duties = await see(db, views.rosters, RostersParams(first=date(2026, 3, 2), last=date(2026, 3, 2)), DISTRICT)
    assert {org.path[1] for org in organisations.rows} == {"district:3"}
    assert {person.path[1] for person in people.rows} == {"district:3"}
    assert people.total == len(people.rows) < 200
    assert len(duties.rows) == 11
    outside = (await see(db, views.people, PeopleParams(org=("district:1",)))).rows[0]
    with pytest.raises(NotFound):
        await see(db, views.person, OfPerson(outside.id), DISTRICT)
    group = next(row for row in (await see(db, views.groups, actor=DISTRICT)).rows if row.name == "防汛应急联络组")
    members = await see(db, views.group_members, OfGroup(group=group.id), DISTRICT)
    assert group.members == members.total == len(members.rows) < 10
    assert {tag.people for tag in (await see(db, views.tags, actor=DISTRICT)).rows} < set(range(50))


async def test_filters_narrow_and_pages_add_up(desk, db):
    filters: dict[str, Any] = {"org": ("district:1",), "kind": (PersonKind.DEPUTY,), "tag": ("教育", "医卫")}
    everything = await see(db, views.people, PeopleParams(**filters, limit=500))
    pages = [await see(db, views.people, PeopleParams(**filters, limit=7, offset=offset)) for offset in range(0, 70, 7)]
    assert [row.id for page in pages for row in page.rows] == [row.id for row in everything.rows]
    assert {page.total for page in pages} == {everything.total}
    assert all(set(row.tags) & {"教育", "医卫"} for row in everything.rows)
    without = await see(db, views.people, PeopleParams(road="none"))
    assert without.total == 4


async def test_who_may_not_edit_sees_masked_numbers_and_cannot_guess_them_by_searching(desk, db):
    wish = new_person()
    await desk.ask(wish, SYSTEM)
    card = (await see(db, views.person, OfPerson(wish.person), VIEWER)).rows[0]
    full = (await see(db, views.person, OfPerson(wish.person), SYSTEM)).rows[0]
    assert (card.phone, full.phone) == ("138****2222", "+8613800002222")
    assert await names(db, actor=VIEWER, text="02222") == []
    assert await names(db, actor=SYSTEM, text="02222") == ["欧阳测试"]


async def test_two_editors_at_once_the_slower_is_told(desk, db):
    wish = new_person()
    await desk.ask(wish, SYSTEM)
    again = msgspec.structs.replace
    await desk.ask(again(wish, id=uuid4(), post="一", version=1), SYSTEM)
    with pytest.raises(Conflict) as refusal:
        await desk.ask(again(wish, id=uuid4(), post="二", version=1), SYSTEM)
    assert refusal.value.code == "version-conflict"


async def test_a_code_or_an_openid_belongs_to_one_person(desk, db):
    await desk.ask(new_person(code="Q1", openid="o_q"), SYSTEM)
    with pytest.raises(Conflict):
        await desk.ask(new_person(code="Q1"), SYSTEM)
    with pytest.raises(Conflict):
        await desk.ask(new_person(openid="o_q"), SYSTEM)


async def test_of_two_who_take_one_openid_at_the_same_moment_one_is_told(desk, db):
    one, two = new_person(), new_person()
    await desk.ask(one, SYSTEM)
    await desk.ask(two, SYSTEM)

    answers = await asyncio.gather(
        *(desk.ask(BindOpenId(id=uuid4(), person=wish.person, openid="o_same"), SYSTEM) for wish in (one, two)),
        *(desk.ask(new_person(code="SAME"), SYSTEM) for _ in range(2)), return_exceptions=True,
    )

    assert [isinstance(answer, Conflict) for answer in answers].count(True) == 2
    assert sum(isinstance(answer, dict) for answer in answers) == 2


async def test_a_removed_person_is_seen_no_more_and_can_be_taken_back(desk, db):
    wish = new_person()
    await desk.ask(wish, SYSTEM)
    await desk.ask(RemovePerson(id=uuid4(), person=wish.person), SYSTEM)
    assert await names(db, text="欧阳测试") == []
    assert await names(db, text="欧阳测试", active=False) == ["欧阳测试"]
    await desk.ask(msgspec.structs.replace(wish, id=uuid4()), SYSTEM)
    assert await names(db, text="欧阳测试") == ["欧阳测试"]


async def test_an_address_is_spoiled_cleared_and_forgotten_when_it_changes(desk, db):
    wish = new_person(openid="o_x")
    await desk.ask(wish, SYSTEM)

    async def card():
        return (await see(db, views.person, OfPerson(wish.person))).rows[0]

    await desk.ask(SpoilAddress(id=uuid4(), person=wish.person, channel="voice", why="空号"), SYSTEM)
    await desk.ask(SpoilAddress(id=uuid4(), person=wish.person, channel="wechat", why="已取消关注"), SYSTEM)
    assert ((await card()).phone_bad, (await card()).openid_bad) == ("空号", "已取消关注")
    await desk.ask(ClearAddress(id=uuid4(), person=wish.person, channel="sms"), SYSTEM)
    await desk.ask(BindOpenId(id=uuid4(), person=wish.person, openid="o_y"), SYSTEM)
    assert ((await card()).phone_bad, (await card()).openid_bad, (await card()).openid) == ("", "", "o_y")
    await desk.ask(SpoilAddress(id=uuid4(), person=wish.person, channel="sms", why="停机"), SYSTEM)
    await desk.ask(msgspec.structs.replace(wish, id=uuid4(), phone="13800003333", openid="o_y"), SYSTEM)
    assert (await card()).phone_bad == ""


async def test_groups_take_people_and_stations_and_refuse_strangers(desk, db):
    wish = SaveGroup(id=uuid4(), group=uuid4(), name="临时组", members=("station:1", "station:2"))
    await desk.ask(wish, SYSTEM)
    members = await see(db, views.group_members, OfGroup(group=wish.group))
    assert [(row.id, row.kind) for row in members.rows] == [("station:1", "station"), ("station:2", "station")]
    with pytest.raises(NotFound):
        await desk.ask(msgspec.structs.replace(wish, id=uuid4(), members=(f"person:{uuid4()}",)), SYSTEM)
    with pytest.raises(Forbidden):
        await desk.ask(msgspec.structs.replace(wish, id=uuid4()), DISTRICT)
    await desk.ask(RemoveGroup(id=uuid4(), group=wish.group), SYSTEM)
    assert (await see(db, views.group_members, OfGroup(group=wish.group))).total == 0


async def test_who_is_on_duty_is_known_at_any_hour(desk, db):
    by_day = await see(db, views.on_duty, OnDutyParams(at=datetime(2026, 3, 3, 2, 0, tzinfo=UTC)))
    by_night = await see(db, views.on_duty, OnDutyParams(at=datetime(2026, 3, 3, 18, 0, tzinfo=UTC)))
    assert (len(by_day.rows), len(by_night.rows)) == (74, 1)
    assert by_night.rows[0].duty == "夜班"

    person = by_day.rows[0].person
    start = datetime(2026, 5, 1, tzinfo=UTC)
    wish = SaveRoster(id=uuid4(), roster=uuid4(), org="station:1", day=date(2026, 5, 1), starts=start,
                      ends=start + timedelta(hours=8), person=person)
    await desk.ask(wish, SYSTEM)
    assert [row.id for row in (await see(db, views.on_duty, OnDutyParams(at=start))).rows] == [wish.roster]
    await desk.ask(RemoveRoster(id=uuid4(), roster=wish.roster), SYSTEM)
    assert (await see(db, views.on_duty, OnDutyParams(at=start))).rows == []


async def test_a_moved_station_moves_in_the_tree_with_its_people(desk, db):
    await desk.ask(SaveOrganisation(id=uuid4(), organisation="station:30", name="新名站", parent="district:1"), SYSTEM)
    paths = {row.path for row in (await see(db, views.people, PeopleParams(org=("station:30",)))).rows}
    assert paths == {("city", "district:1", "station:30")}
    assert {"district:1", "district:3", "station:30", "city"} <= {key for _, key in desk.touches.seen}


async def test_replaying_the_journal_gives_the_same_rows(desk, db, journal):
    await desk.ask(new_person(person=UUID(int=9)), SYSTEM)
    await desk.ask(SpoilAddress(id=uuid4(), person=UUID(int=9), channel="sms", why="空号"), SYSTEM)
    await desk.ask(SaveOrganisation(id=uuid4(), organisation="station:30", name="新名站", parent="district:1"), SYSTEM)
    tables = ("organisation", "person", "team", "team_member", "roster")

    async def rows(conn):
        return {table: await conn.fetch(f"select * from directory.{table} order by 1, 2") for table in tables}

    async with db.transaction() as conn:
        before = await rows(conn)
        await conn.execute("truncate directory.organisation, directory.person, directory.team, "
                           "directory.team_member, directory.roster")
        recorded = [desk.recorded(row) for row in await journal.read_all(0, 10_000)]
        await project(conn, recorded)
        assert await rows(conn) == before
