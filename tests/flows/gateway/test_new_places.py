"""A city grows: new districts, stations and departments, from the console."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from hub.access.messages import EnrolDevice
from hub.directory.messages.commands import CreateOrganisation
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.errors import Forbidden
from tests.flows.broadcast.stage import Stage
from tests.flows.gateway.visitor import Visitor, Watcher

STATION: dict[str, Any] = {"kind": "station", "name": "西溪站", "parent": "district:3", "lon": 120.06, "lat": 30.27}
WISH = CreateOrganisation(id=uuid4(), kind="station", name="南溪站", parent="district:3", lon=120.1, lat=30.2)


async def test_a_new_district_with_a_station_and_a_department_stands_on_the_map_and_hears_broadcasts(
    stage: Stage, admin: Visitor,
) -> None:
    async with Watcher.at(admin.url, Cookie=admin.cookie) as watcher:
        map_room, tree = await watcher.watch("stations"), await watcher.watch("organisations")

        district = (await admin.ask("CreateOrganisation", kind="district", name="新区", parent="city"))["result"]["id"]
        station = (await admin.ask("CreateOrganisation", **STATION | {"parent": district}))["result"]
        office = (await admin.ask("CreateOrganisation", kind="department", name="新区教育局", parent=district))["result"]["id"]

        assert station["version"] == 1
        await watcher.until(lambda: _all_in(watcher, {map_room: {station["id"]}, tree: {district, station["id"], office}}))
        row = watcher.rows[tree][station["id"]]
        assert (row["name"], row["path"], row["active"]) == ("西溪站", ["city", district, station["id"]], True)
        assert watcher.rows[map_room][station["id"]]["lon"] == 120.06

    await stage.ask(EnrolDevice(id=uuid4(), station=station["id"], name="终端"), SYSTEM)
    sent = await admin.ask("SendBroadcast", title="通知", text="正文", audience={"orgs": [district]})
    assert sent["result"]["recipients"] == 1


async def _all_in(watcher: Watcher, wanted: dict[str, set[str]]) -> bool:
    return all(keys <= watcher.rows[room].keys() for room, keys in wanted.items())


async def test_the_next_number_is_taken_unless_one_is_wished_for(admin: Visitor) -> None:
    first = await admin.ask("CreateOrganisation", **STATION)
    wished = await admin.ask("CreateOrganisation", **STATION | {"name": "二站", "number": 88})
    after = await admin.ask("CreateOrganisation", **STATION | {"name": "三站"})

    assert [made["result"]["id"] for made in (first, wished, after)] == ["station:19", "station:88", "station:89"]


@pytest.mark.parametrize(("change", "status", "code", "field"), [
    ({"number": 17}, 409, "number-taken", "number"),
    ({"name": " 名station:17 "}, 409, "name-taken", "name"),
    ({"lon": None, "lat": None}, 422, "coordinates-missing", "lon"),
    ({"lat": None}, 422, "bad-coordinates", "lat"),
    ({"lon": 30.27, "lat": 80.0}, 422, "bad-coordinates", "lon"),
    ({"lon": 120.0, "lat": 2.0}, 422, "bad-coordinates", "lat"),
    ({"parent": "station:17"}, 422, "wrong-parent", "parent"),
    ({"parent": "district:77"}, 404, "unknown-organisation", "parent"),
    ({"kind": "district"}, 422, "wrong-parent", "parent"),
    ({"name": " "}, 422, "name-missing", "name"),
])
async def test_what_cannot_stand_is_refused_with_the_field_it_is_about(
    admin: Visitor, change: dict[str, Any], status: int, code: str, field: str,
) -> None:
    problem = await admin.ask("CreateOrganisation", status=status, **STATION | change)
    assert (problem["code"], problem["field"]) == (code, field)


@pytest.mark.parametrize("change", [{"kind": "city"}, {"number": 10_000}, {"number": -1}, {"lon": 181}, {"name": ""}, {"parent": "x"}])
async def test_what_no_form_sends_is_refused_at_the_door(admin: Visitor, change: dict[str, Any]) -> None:
    await admin.ask("CreateOrganisation", status=400, **STATION | change)


async def test_under_a_parent_out_of_use_nothing_new_is_made(admin: Visitor) -> None:
    await admin.ask("SaveOrganisation", organisation="district:3", parent="city", name="名district:3", active=False)
    problem = await admin.ask("CreateOrganisation", status=422, **STATION)
    assert problem["code"] == "parent-inactive"


async def test_two_who_make_one_at_the_same_moment_get_two_numbers(stage: Stage) -> None:
    twin = msgspec.structs.replace(WISH, id=uuid4(), name="北溪站")
    made = await asyncio.gather(stage.ask(WISH, SYSTEM), stage.ask(twin, SYSTEM))
    assert len({one["id"] for one in made}) == 2
    assert await stage.ask(WISH, SYSTEM) == made[0], "asking twice is asking once"


async def test_only_who_looks_after_the_parent_may_make_one_and_the_audit_log_tells(stage: Stage) -> None:
    keeper = Actor(id="account:1", name="区", roles=(Role.ADMINISTRATOR,), scopes=("district:3",))
    operator = Actor(id="account:2", name="值班", roles=(Role.OPERATOR,), scopes=("city",))
    elsewhere = msgspec.structs.replace(WISH, id=uuid4(), parent="district:1")
    whole = msgspec.structs.replace(WISH, id=uuid4(), parent="city", kind="district")

    await stage.ask(WISH, keeper)
    for wish, actor in ((elsewhere, keeper), (whole, keeper), (msgspec.structs.replace(WISH, id=uuid4()), operator)):
        with pytest.raises(Forbidden):
            await stage.ask(wish, actor)

    noted = await stage.value(
        "select array_agg(outcome order by id) from work.audit where act = 'CreateOrganisation' and object = 'name:南溪站'")
    assert noted == ["ok", "refused", "refused", "refused"]
