"""A snapshot with its changes equals a fresh fetch, for every live view and after every act."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from dispatch.messages.commands import (
    CancelBroadcast,
    ExtendBroadcast,
    RemindUnanswered,
    ResendByRoad,
)
from dispatch.words import Channel
from hub.access.messages import EnrolDevice
from hub.directory.messages.commands import RemovePerson, SaveGroup, SaveOrganisation, SavePerson
from hub.directory.messages.shapes import PersonKind
from hub.kernel.actor import SYSTEM
from tests.flows.broadcast.stage import MORNING, Stage, person, ref, self_of
from tests.flows.gateway.visitor import KEYS, Visitor, Watcher

C = Channel
Fresh = Callable[[], Awaitable[dict[str, Any]]]


async def settled(stage: Stage) -> None:
    """Nothing waits to be folded, planned or told."""
    async def so() -> bool:
        waits = await stage.value(
            "select (select count(*) from dispatch.inbox where due <= $1) + (select count(*) from dispatch.delivery where next_at <= $1)"
            " + (select count(*) from dispatch.attempt where due <= $1 or state = 'submitting')", stage.clock.at)
        return not waits and not stage.hub.teller._waiting

    await stage.until(so)


async def equals_fresh(stage: Stage, watcher: Watcher, visitor: Visitor, **views: dict[str, Any]) -> None:
    await settled(stage)
    for view, params in views.items():
        room = await room_of(watcher, view)

        async def fresh(view: str = view, params: dict[str, Any] = params) -> dict[str, Any]:
            return {str(row[KEYS.get(view, "id")]): row for row in (await visitor.see(view, **params))["rows"]}

        async def same(room: str = room, fresh: Fresh = fresh) -> bool:
            """A vendor's word may still come, and be told of."""
            return room in watcher.refetch or watcher.rows[room] == await fresh()

        try:
            await watcher.until(same)
        except TimeoutError:
            have, want = watcher.rows[room], await fresh()
            differs = {key: (have.get(key), want.get(key)) for key in have.keys() | want.keys() if have.get(key) != want.get(key)}
            raise AssertionError(f"{view}: {differs}") from None
        if room in watcher.refetch:
            await watcher.watch(view, KEYS.get(view, "id"), **params)


async def room_of(watcher: Watcher, view: str) -> str:
    return next(room for room in watcher.rows if room == view or room.startswith(f"{view}/"))


async def test_the_views_of_a_broadcast_keep_up_with_all_that_happens(stage: Stage, admin: Visitor) -> None:
    names = await stage.crowd(6, phone="press_1", text="confirm", wechat="read")
    which = await stage.send(*names, "李代表", "钱列席", ladder=await stage.climbs(((C.SCREEN, C.PAGE), 30), (C.WECHAT, 60), (C.SMS, 60)))
    one = {"broadcast": str(which)}
    views: dict[str, dict[str, Any]] = {"broadcasts": {}, "board": one, "recipients": one, "stations": {}, "roads": {}}
    async with Watcher.at(admin.url, Cookie=admin.cookie) as watcher:
        for view, params in views.items():
            await watcher.watch(view, **params)
        await equals_fresh(stage, watcher, admin, **views)
        for _ in range(3):
            stage.later(seconds=61)
            await equals_fresh(stage, watcher, admin, **views)
        await stage.send("李代表", "赵代表", ladder="ordinary")
        await equals_fresh(stage, watcher, admin, **views)
        await stage.ask(RemindUnanswered(id=uuid4(), broadcast=which))
        await equals_fresh(stage, watcher, admin, **views)
        await stage.ask(ResendByRoad(id=uuid4(), broadcast=which, channel=C.VOICE))
        await equals_fresh(stage, watcher, admin, **views)
        await stage.ask(ExtendBroadcast(id=uuid4(), broadcast=which, expires_at=MORNING + timedelta(days=9)))
        await stage.ask(CancelBroadcast(id=uuid4(), broadcast=which))
        await equals_fresh(stage, watcher, admin, **views)


async def test_an_inbox_keeps_up_with_all_that_happens(stage: Stage) -> None:
    made = await stage.ask(EnrolDevice(id=uuid4(), station="station:17", name="终端"), SYSTEM)
    key = made["key"]
    async with (Visitor.of(stage.hub.settings.url, Authorization=f"Device {key}") as station,
                Watcher.at(stage.hub.settings.url, {"device": key}) as watcher):
        await watcher.watch("inbox")
        which = await stage.send("station", audience=_station_17(), ladder=await stage.climbs((C.SCREEN, 60)))
        await equals_fresh(stage, watcher, station, inbox={})
        delivery = next(iter(watcher.rows[await room_of(watcher, "inbox")]))
        await watcher.call("ask", {"type": "ReportReceipts", "id": str(uuid4()), "items": [
            {"delivery": delivery, "state": "confirmed", "at": stage.clock.at.isoformat(), "reply": "received"}]})
        await stage.until_outcome(which, "名station:17", "confirmed")
        await equals_fresh(stage, watcher, station, inbox={})
        await stage.ask(ExtendBroadcast(id=uuid4(), broadcast=which, expires_at=MORNING + timedelta(days=9)))
        await equals_fresh(stage, watcher, station, inbox={})
        await stage.ask(CancelBroadcast(id=uuid4(), broadcast=which))
        await equals_fresh(stage, watcher, station, inbox={})
        rows = watcher.rows[await room_of(watcher, "inbox")]
        assert [row["cancelled"] for row in rows.values()] == [True]


def _station_17() -> Any:
    from dispatch.messages.shapes import Audience

    return Audience(recipients=("station:17",))


async def test_the_directory_keeps_up_with_all_that_happens(stage: Stage, admin: Visitor) -> None:
    live = [name for name, view in stage.hub.views.by_name.items() if view.room and name in (
        "organisations", "people", "groups", "rosters", "stations")]
    views: dict[str, dict[str, Any]] = {name: {} for name in live}
    async with Watcher.at(admin.url, Cookie=admin.cookie) as watcher:
        for view in views:
            await watcher.watch(view)
        await stage.ask(SaveOrganisation(id=uuid4(), organisation="station:19", parent="district:3", name="新站", lon=120.1, lat=30.1), SYSTEM)
        await stage.ask(SavePerson(id=uuid4(), person=person("周"), kind=PersonKind.STAFF, name="周", org="station:19"), SYSTEM)
        await stage.ask(SaveGroup(id=uuid4(), group=uuid4(), name="防汛组", members=(ref("周"), "station:17")), SYSTEM)
        await equals_fresh(stage, watcher, admin, **views)
        await stage.ask(SaveOrganisation(id=uuid4(), organisation="district:3", parent="city", name="改名区"), SYSTEM)
        await stage.ask(RemovePerson(id=uuid4(), person=person("周")), SYSTEM)
        await equals_fresh(stage, watcher, admin, **views)


async def test_a_station_is_seen_to_come_and_go(stage: Stage, admin: Visitor) -> None:
    made = await stage.ask(EnrolDevice(id=uuid4(), station="station:17", name="终端"), SYSTEM)
    async with Watcher.at(admin.url, Cookie=admin.cookie) as watcher:
        room = await watcher.watch("stations")

        async def online(wanted: bool) -> None:
            async def so() -> bool:
                return watcher.rows[room]["station:17"]["online"] is wanted

            await watcher.until(so)

        async with Watcher.at(admin.url, {"device": made["key"]}):
            await online(True)
        await online(False)
        await equals_fresh(stage, watcher, admin, stations={})


async def test_nobody_hears_of_what_he_may_not_see(stage: Stage) -> None:
    which = await stage.send("王代表", "赵代表", ladder=await stage.climbs((C.SMS, 60)))
    async with (Visitor.of(stage.hub.settings.url, "district3") as district,
                Watcher.at(district.url, Cookie=district.cookie) as watcher):
        for view in ("recipients", "board"):
            answer = await watcher.call("watch", {"view": view, "params": {"broadcast": str(which)}})
            assert (answer["ok"], answer["problem"]["status"]) == (False, 404)
        await watcher.watch("broadcasts")
        await watcher.watch("stations")
        await stage.until_outcome(which, "王代表", "delivered")
        await settled(stage)
        rooms = {told["room"] for told in watcher.heard}
        assert rooms <= {"broadcasts/district:3", "stations/district:3"}
        assert not [told for told in watcher.heard if told["view"] == "broadcasts"]
        assert {key for told in watcher.heard for key, _ in told["changes"]} <= {"station:17", "station:18"}
        audited = await stage.value("select count(*) from work.audit where act like 'view %' and outcome = 'refused'")
        assert audited == 2


async def test_who_watches_while_everything_changes_misses_nothing(stage: Stage, admin: Visitor) -> None:
    names = await stage.crowd(10, text="confirm")
    which = await stage.send(*names, ladder=await stage.climbs((C.SMS, 60)))
    async with Watcher.at(admin.url, Cookie=admin.cookie) as watcher:
        for _ in range(20):
            await watcher.watch("recipients", broadcast=str(which))
            await watcher.watch("board", broadcast=str(which))
            await asyncio.sleep(0)
        await equals_fresh(stage, watcher, admin, recipients={"broadcast": str(which)}, board={"broadcast": str(which)})


def test_a_person_is_named_by_his_id() -> None:
    assert self_of("李代表").id == f"person:{UUID(int=person('李代表').int)}"
