"""What the simulated province brings to the hub: its own packages, numbered without a gap, each again until it is answered."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec

from scripts.carriers_sim.postman import Postman
from scripts.carriers_sim.world import World

PAUSE = 2.0
MOST = 1000
TAKEN, USED = 200, 409

Envelope = Callable[[dict[str, Any], str | None], dict[str, str]]


class Outbox:
    def __init__(self, world: World, postman: Postman, envelope: Envelope) -> None:
        self._world, self._postman, self._envelope = world, postman, envelope
        self._waiting: deque[tuple[str, str, dict[str, Any]]] = deque(maxlen=MOST)
        self._n = 0
        self._busy = False

    def bring(self, kind: str, thing: str, row: dict[str, Any]) -> None:
        self._waiting.append((kind, thing, row))
        if not self._busy:
            self._busy = True
            self._world.agenda.begin(self._all)

    async def _all(self) -> None:
        try:
            while self._waiting:
                pause = await self._first()
                await asyncio.sleep(pause)
        finally:
            self._busy = False

    async def _first(self) -> float:
        """Seconds before the next. A number that the hub knows already (this simulator was started anew) is passed over."""
        kind, thing, row = self._waiting[0]
        status, told = await self.post("packages", self.package(self._n + 1, kind, thing, row))
        if status == TAKEN or (status == USED and "number-taken" in told):
            self._n += 1
        if status == TAKEN or (400 <= status < 500 and status != USED):
            self._waiting.popleft()
        return PAUSE if not status or status >= 500 else 0.0

    def package(self, n: int, kind: str, thing: str, row: dict[str, Any], **forged: Any) -> dict[str, str]:
        """`forged`: fields of the manifest that are not what they should be."""
        now = self._world.now()
        body = msgspec.json.encode({"kind": kind, "rows": [row]}).decode()
        manifest = {
            "city": self._world.options.account.province_city, "direction": "in", "year": now.year, "n": n, "kind": kind, "object": thing, "version": 0,
            "rows": 1, "bytes": len(body.encode()), "sha256": sha256(body.encode()).hexdigest(), "created": now, "key": "province", "replaces": ""}
        return self._envelope(manifest | forged, body)

    async def post(self, path: str, envelope: dict[str, str]) -> tuple[int, str]:
        """(status, text); status 0: the hub was not reached."""
        address = f"{self._world.options.hub.rstrip('/')}/hooks/province/{path}"
        return await self._postman.json(address, msgspec.json.encode(envelope))
