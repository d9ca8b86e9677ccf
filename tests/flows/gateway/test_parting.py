"""Who leaves is gone at once: nothing of his waits for a search for garbage, which would hold everybody up."""

from __future__ import annotations

import gc
import weakref

from tests.flows.broadcast.stage import Stage
from tests.flows.cluster.guest import Guest
from tests.flows.gateway.test_acks import device_of


async def test_a_guest_who_was_here_and_left_leaves_no_garbage(stage: Stage):
    key = await device_of(stage, "station:17")
    async with Guest(stage.hub.port, {"device": key}).staying() as guest:
        await guest.call("watch", {"view": "inbox", "params": {}})
        live = stage.hub.sockets.live
        left = [weakref.ref(connection) for connection in live.connections.values()]
        assert len(left) == 1
        gc.disable()
    async def nobody_is_left() -> bool:
        live.tick(float("inf"))  # who came just now is looked after until he had time to sign in
        return not live.connections and not any(ref() for ref in left)

    try:
        await stage.until(nobody_is_left)
    finally:
        gc.enable()
