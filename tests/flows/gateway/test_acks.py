"""What a guest acknowledges has reached it: one offset for all before, and it counts as delivered."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from dispatch.messages.shapes import Audience
from dispatch.words import Channel
from hub.access.messages import EnrolDevice
from hub.kernel.actor import SYSTEM
from tests.flows.broadcast.stage import Stage
from tests.flows.cluster.guest import Guest

EVIDENCE = ("select count(*) from dispatch.evidence e join dispatch.delivery d on d.id = e.delivery"
            " where d.broadcast = any($1) and e.channel = 'screen' and e.state = 'delivered'")


async def device_of(stage: Stage, station: str) -> str:
    made: dict[str, Any] = await stage.ask(EnrolDevice(id=uuid4(), station=station, name="终端"), SYSTEM)
    return str(made["key"])


def keys(guest: Guest) -> set[str]:
    return {key for told in guest.told for key, row in told["changes"] if row}


async def test_two_notices_acknowledged_by_one_offset_are_delivered_once_each(stage: Stage):
    key = await device_of(stage, "station:17")
    async with Guest(stage.hub.port, {"device": key}).staying() as guest:
        await guest.call("watch", {"view": "inbox", "params": {}})
        sent = [await stage.send("station", audience=Audience(recipients=("station:17",)),
                                 ladder=await stage.climbs((Channel.SCREEN, 60))) for _ in range(2)]
        await guest.until(lambda: len(keys(guest)) == 2)

        assert await guest.call("ack", guest.offset) == {"ok": True}
        for which in sent:
            await stage.until_outcome(which, "名station:17", "delivered")
        assert await guest.call("ack", guest.offset) == {"ok": True}
        await stage.until_quiet()

    assert await stage.value(EVIDENCE, sent) == 2
    await stage.adds_up()


async def test_an_offset_of_another_epoch_says_nothing(stage: Stage):
    key = await device_of(stage, "station:17")
    async with Guest(stage.hub.port, {"device": key}).staying() as guest:
        for offset in ("other.1", "~", 7, None):
            assert await guest.call("ack", offset) == {"ok": False}
