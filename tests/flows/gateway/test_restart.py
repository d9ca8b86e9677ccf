"""The hub ends and starts again: who was watching resumes, and hears what is told from then on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

from hub.access.messages import CreateApiKey
from hub.app import Hub, hub_on
from hub.kernel.actor import CITY, SYSTEM, Role
from hub.settings import Settings
from tests.flows.broadcast.stage import closed_port
from tests.flows.cluster.guest import Guest
from tests.places import CHEAP_PASSWORDS


async def key_of(hub: Hub) -> str:
    made = await hub.desk.ask(CreateApiKey(id=uuid4(), name="大屏", roles=(Role.OPERATOR,), scopes=(CITY,)), SYSTEM)
    return str(made["key"])


async def test_a_screen_resumes_after_a_restart_of_the_hub(dsn: str, tmp_path: Path):
    settings = Settings(port=closed_port(), data=tmp_path, totp=False, argon2=CHEAP_PASSWORDS)
    async with hub_on(dsn, settings) as hub:
        guest = Guest(settings.port, {"key": await key_of(hub)})
        staying = asyncio.ensure_future(guest.stay())  # noqa: TID251 - outlives two hubs; ended below
        room = (await guest.call("watch", {"view": "stations", "params": {}}))["room"]
        await hub.bus.publish(room, b'{"n":1}')
        await guest.until(lambda: guest.told)
    async with hub_on(dsn, settings) as hub:
        await hub.bus.publish(room, b'{"n":2}')
        await guest.until(lambda: len(guest.told) == 2)
        staying.cancel()

    assert guest.told == [{"n": 1}, {"n": 2}]
    assert guest.recovered == [False, True]
