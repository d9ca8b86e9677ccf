"""Real clients on a real hub: they hear each other, take turns, are taken aside and come back."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import aiohttp
import pytest

from media.floor_spoke import FloorTaken
from media.shapes import Allowed, FloorRules
from media.wires import PeerDown, PeerUp
from tests.flows.gateway.visitor import Watcher
from tests.flows.media.stage import ROOM, Studio, until
from tests.patience import PATIENCE

A, B, C = "station:1", "station:17", "station:18"


async def test_two_hear_each_other_and_who_watches_sees_them(on_air: Studio) -> None:
    on_air.hall.change(A, B)
    async with on_air.caller(A, 400) as a, on_air.caller(B, 900) as b, Watcher.at(on_air.url, {"device": on_air.keys[C]}) as stranger, \
            Watcher.at(on_air.url, {"device": on_air.keys[A]}) as watcher:
        await a.hears(900)
        await b.hears(400)
        room = await watcher.watch("media_room", key="peer", room=ROOM)
        refused = await stranger.call("watch", {"view": "media_room", "params": {"room": ROOM}})

        await until(lambda: {row["ref"]: (row["up"], row["talk"]) for row in watcher.rows[room].values()} == {A: (True, True), B: (True, True)})
        assert (refused["ok"], refused["problem"]["status"]) == (False, 403)
        await until(lambda: sorted(told.ref for told in on_air.hall.told if isinstance(told, PeerUp)) == [A, B])

        silent = Allowed(talk=False)
        on_air.hall.change(A, s17=silent)
        await until(lambda: not watcher.rows[room][b.peer]["talk"])
        async with on_air.web.delete(f"{on_air.url}/api/media/peers/{b.peer.replace('#', '%23')}", headers=on_air.key(A)) as answer:
            assert answer.status == 403
        async with on_air.web.post(f"{on_air.url}/api/media/peers/{b.peer.replace('#', '%23')}/leave", headers=on_air.key(B)) as answer:
            assert answer.status == 200
        await until(lambda: b.peer not in watcher.rows[room])
        await until(lambda: any(isinstance(told, PeerDown) and told.left for told in on_air.hall.told))
        assert (await stranger_joins(on_air))["code"] == "not-admitted"


async def stranger_joins(on_air: Studio) -> dict[str, str]:
    body = {"offer": "v=0\r\n", "nonce": "x"}
    async with on_air.web.post(f"{on_air.url}/api/media/rooms/{ROOM}/join", json=body, headers=on_air.key(C)) as answer:
        assert answer.status == 403
        told: dict[str, str] = await answer.json()
        return told


async def test_one_speaks_at_a_time_and_the_higher_rank_breaks_in(on_air: Studio) -> None:
    hall = on_air.hall
    hall.floor = FloorRules()
    hall.change(A, B, s18=Allowed(rank=5))
    async with on_air.caller(A, 400) as a, on_air.caller(B, 900) as b, on_air.caller(C, 1500) as c, \
            Watcher.at(on_air.url, {"device": on_air.keys[B]}) as watcher:
        floor = await watcher.watch("media_floor", key="room", room=ROOM)
        assert (await on_air.ask(A, "AskFloor", room=ROOM))["outcome"] == "granted"
        await b.hears(400)
        await c.hears(400)
        queued = await on_air.ask(B, "AskFloor", room=ROOM)
        assert (queued["outcome"], queued["place"]) == ("queued", 1)
        taken = await on_air.ask(C, "AskFloor", room=ROOM)
        await a.hears(1500)
        await b.hears(1500)  # what was said before may still have been on its way
        await b.hears(1500)
        assert 400 not in b.heard
        await until(lambda: watcher.rows[floor][ROOM]["ref"] == C)

        refused = await on_air.ask(A, "RevokeFloor", 403, room=ROOM)
        assert refused["code"] == "forbidden"
        await on_air.ask(C, "ReleaseFloor", room=ROOM, grant=taken["state"]["grant"])
        await a.hears(900)
        events = await until_recorded(on_air, 2)

        assert [(event.ref, event.why) for event in events] == [(A, "pre-empted"), (C, "released")]
        assert all(event.since < event.until for event in events)
        async with on_air.web.get(f"{on_air.url}/metrics") as answer:
            assert "hub_media_floor_grants" in await answer.text()


async def until_recorded(on_air: Studio, number: int) -> list[FloorTaken]:
    async with asyncio.timeout(PATIENCE):
        while len(rows := await on_air.hub.journal.read(f"floor-{ROOM}")) < number:
            await asyncio.sleep(0.02)
    return [on_air.hub.desk.recorded(row).event for row in rows]


async def test_aside_and_back_and_over_another_network_without_losing_ones_place(on_air: Studio) -> None:
    hall = on_air.hall
    hall.change(A, B, C)
    async with on_air.caller(A, 400) as a, on_air.caller(B, 900) as b, on_air.caller(C, 1500) as c:
        await a.hears(900)
        hall.change(C, s1=Allowed(at_room=f"{ROOM}/1"), s17=Allowed(at_room=f"{ROOM}/1"))
        await until(lambda: {one.at_room for one in on_air.hub.media.engine.present(ROOM)} == {ROOM, f"{ROOM}/1"})
        await a.hears(900)
        hall.change(A, B, C)
        await c.hears(400)

        old = b.pc
        await b.join()
        await old.close()
        await a.hears(900)
        assert len({one.peer for one in on_air.hub.media.engine.present(ROOM)}) == 3


async def test_who_has_no_webrtc_hears_the_one_voice_over_a_web_socket(on_air: Studio) -> None:
    on_air.hall.change(A, B)
    async with on_air.caller(A, 400):
        url = f"{on_air.url}/api/media/rooms/{ROOM}/listen"
        async with on_air.web.ws_connect(url, headers=on_air.key(B)) as socket:
            frames = [await socket.receive_bytes(timeout=PATIENCE) for _ in range(10)]
        sequence = [int.from_bytes(frame[:4]) for frame in frames]
        steps = {int.from_bytes(after[4:8]) - int.from_bytes(before[4:8]) for before, after in pairwise(frames)}

        assert sequence == list(range(sequence[0], sequence[0] + 10))
        assert steps == {960}
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await on_air.web.ws_connect(url, headers=on_air.key(C))
        await until(lambda: on_air.hub.media.door.listeners.count() == 0)
