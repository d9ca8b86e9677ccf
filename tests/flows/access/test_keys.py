"""Devices, API keys and links: what opens a door, and how it is taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from hub.access.messages import (
    CreateApiKey,
    EnrolDevice,
    RevokeApiKey,
    RevokeDevice,
    RevokeLinks,
)
from hub.access.tokens import make_link
from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Conflict, NotSignedIn, Refused
from tests.flows.access.conftest import AT, LI, Room

# --- devices and keys -----------------------------------------------------------------------------


async def test_a_device_key_is_its_station(room: Room):
    made = await room.ask(EnrolDevice(id=uuid4(), station="station:17", name="大厅终端"))

    actor = await room.actor_by("device", made.key, AT)

    assert actor == Actor(id="station:17", name="station:17", roles=(Role.STATION,), scopes=("station:17",))
    assert [(row.id, row.station, row.last_seen) for row in await room.see("devices")] == [(made.id, "station:17", AT)]


async def test_a_revoked_device_is_refused_at_once_and_its_socket_told(room: Room):
    made = await room.ask(EnrolDevice(id=uuid4(), station="station:17", name="大厅终端"))
    await room.actor_by("device", made.key, AT)

    await room.ask(RevokeDevice(id=uuid4(), device=made.id))

    for _ in range(3):
        with pytest.raises(NotSignedIn) as refused:
            await room.actor_by("device", made.key, AT)
        assert refused.value.code == "bad-key"
    assert room.gone == [f"device:{made.id}"]
    assert [line.detail["code"] for line in await room.log("enter")] == ["bad-key"]
    assert await room.see("devices") == []
    assert len(await room.see("devices", revoked=True)) == 1


async def test_the_device_of_a_place_out_of_use_comes_in_again_when_the_place_is_taken_into_use(room: Room):
    made = await room.ask(EnrolDevice(id=uuid4(), station="station:17", name="大厅终端"))
    async with room.access.db.read() as conn:
        await conn.execute("update directory.organisation set active = false where id = 'station:17'")
    with pytest.raises(NotSignedIn):
        await room.actor_by("device", made.key)
    async with room.access.db.read() as conn:
        await conn.execute("update directory.organisation set active = true where id = 'station:17'")

    assert (await room.actor_by("device", made.key)).id == "station:17"


async def test_asked_again_a_key_is_the_same_but_it_is_shown_to_nobody_else_and_not_later(room: Room):
    wish = EnrolDevice(id=uuid4(), station="station:17", name="大厅终端")

    assert await room.ask(wish) == await room.ask(wish)
    assert len(await room.see("devices")) == 1
    with pytest.raises(Conflict):
        await room.ask(wish, await room.account("other", Role.ADMINISTRATOR))
    room.later(minutes=11)
    with pytest.raises(Conflict):
        await room.ask(wish)


async def test_an_api_key_has_its_rights_until_it_ends(room: Room):
    wish = CreateApiKey(
        id=uuid4(), name="统计接口", roles=(Role.VIEWER,), scopes=("district:3",), expires=AT + timedelta(days=1)
    )
    made = await room.ask(wish)

    actor = await room.actor_by("key", made.key, AT)
    assert (actor.id, actor.roles, actor.scopes) == (f"key:{made.id}", (Role.VIEWER,), ("district:3",))

    with pytest.raises(NotSignedIn):
        await room.actor_by("key", made.key, room.later(days=1))


async def test_a_revoked_api_key_is_refused_at_once(room: Room):
    made = await room.ask(CreateApiKey(id=uuid4(), name="x", roles=(Role.VIEWER,), scopes=("city",)))
    await room.actor_by("key", made.key, AT)

    await room.ask(RevokeApiKey(id=uuid4(), key=made.id))

    with pytest.raises(NotSignedIn):
        await room.actor_by("key", made.key, AT)
    assert [row.revoked_at for row in await room.see("api_keys", revoked=True)] == [AT]


@pytest.mark.parametrize("wish", [
    CreateApiKey(id=uuid4(), name="x", roles=(Role.VIEWER,), scopes=("city",), expires=AT),
    CreateApiKey(id=uuid4(), name="x", roles=(Role.DEPUTY,), scopes=("city",)),
    EnrolDevice(id=uuid4(), station="station:99", name="x"),
])
async def test_a_key_for_nothing_is_refused(room: Room, wish):
    with pytest.raises(Refused):
        await room.ask(wish)


# --- links ----------------------------------------------------------------------------------------


async def test_a_link_is_its_person(room: Room):
    actor = await room.actor_by("link", make_link(room.access.key, LI, None, AT), AT)

    assert actor == Actor(id=f"person:{LI}", name="李代表", roles=(Role.DEPUTY,), scopes=(f"person:{LI}",))


async def test_links_taken_back_are_refused_and_newer_ones_are_not(room: Room):
    link = make_link(room.access.key, LI, None, AT)
    _, session, cookie = await room.sign_in.open_by_link(link, "10.0.0.9", "test", AT)
    await room.actor_by("link", link, AT)

    await room.ask(RevokeLinks(id=uuid4(), person=LI))

    with pytest.raises(NotSignedIn) as refused:
        await room.actor_by("link", link, AT)
    assert refused.value.code == "link-expired"
    assert not await room.is_in(cookie)
    assert set(room.gone) == {f"links:{LI}", f"session:{session.id}"}
    at = room.later(seconds=1)
    assert (await room.actor_by("link", make_link(room.access.key, LI, None, at), at)).name == "李代表"


async def test_a_session_by_link_does_not_outlive_the_link(room: Room):
    link = make_link(room.access.key, LI, None, AT, timedelta(hours=1))

    _, _, cookie = await room.sign_in.open_by_link(link, "10.0.0.9", "test", AT)

    assert await room.is_in(cookie)
    assert not await room.is_in(cookie, room.later(hours=1))


async def test_who_left_office_does_not_come_in_by_an_old_link(room: Room):
    async with room.access.db.read() as conn:
        await conn.execute("update directory.person set active = false")

    with pytest.raises(NotSignedIn):
        await room.actor_by("link", make_link(room.access.key, LI, None, AT), AT)
