from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from media.plane.control import HubLine
from media.plane.plane import Plane
from media.plane.requests import Requests
from media.plane_engine import PlaneEngine
from media.shapes import Allowed, FloorRules, RoomWish
from media.wires import Joined, Stated, Told
from tests.contract.media.still import StillSwitch, offer
from tests.patience import PATIENCE

ROOM = "test:1"


@dataclass
class Table:
    """An engine on a plane with a switch that stands still."""

    engine: PlaneEngine
    switch: StillSwitch
    plane: Plane
    requests: Requests
    folder: Path
    told: list[Told] = field(default_factory=list)

    def heard(self, shape: type[Any]) -> list[Any]:
        return [one for one in self.told if isinstance(one, shape)]

    async def until(self, so: Callable[[], Any]) -> Any:
        async with asyncio.timeout(PATIENCE):
            while not (found := so()):
                await asyncio.sleep(0.005)
        return found

    async def settled(self, *refs: str, room: str = ROOM, floor: FloorRules | None = None, **more: Any) -> None:
        given = {ref: Allowed() for ref in refs}
        await self.engine.settle(RoomWish(room=room, floor=floor, members=given | more.pop("members", {}), **more))

    async def comes(self, ref: str, *lines: str, room: str = ROOM, allowed: Allowed | None = None, nonce: str = "a") -> str:
        """Joins, is up, and sends what he offers; says his peer."""
        joined = await self.joins(ref, *lines, room=room, allowed=allowed, nonce=nonce)
        peer = joined.peer.peer
        self.switch.hears.up(peer)
        for line in joined.lines:
            if line.sends:
                self.switch.hears.source(f"{peer}/{line.mid}", line.kind, "opus" if line.kind == "audio" else "h264")  # type: ignore[arg-type]
        sent = sum(line.sends for line in joined.lines)
        await self.until(lambda: any(one.peer == peer and one.up and len(one.sources) == sent for one in self.engine.present(room)))
        return peer

    async def joins(self, ref: str, *lines: str, room: str = ROOM, allowed: Allowed | None = None, nonce: str = "a") -> Joined:
        return await self.engine.join(peer=f"{ref}@{room}#{nonce}", room=room, offer=offer(*(lines or ("mic", "hear", "hear"))), parts={},
                                      name=ref.title(), by=f"account:{ref}", allowed=allowed or Allowed())

    def plays(self, peer: str) -> list[str]:
        """Whose sources his slots play."""
        return sorted(source.partition("@")[0] for outlet, source in self.switch.links.items() if outlet.startswith(f"{peer}/"))


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    with tempfile.TemporaryDirectory(prefix="plane-", dir="/tmp") as folder:
        socket = Path(folder) / "plane.sock"
        requests: list[Requests] = []
        plane = Plane(lambda told: requests[0].tell(told), datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
        requests.append(Requests(plane))
        switch = StillSwitch()
        switch.hears = plane
        plane.patch.switch = switch
        engine = PlaneEngine(socket)
        one = Table(engine, switch, plane, requests[0], Path(folder))
        engine.hear(one.told.append)
        server = await asyncio.get_running_loop().create_unix_server(lambda: HubLine(requests[0]), str(socket))
        async with server, asyncio.TaskGroup() as group:
            running = group.create_task(engine.run())
            await one.until(lambda: one.heard(Stated))
            yield one
            requests[0].playout.close()
            running.cancel()
