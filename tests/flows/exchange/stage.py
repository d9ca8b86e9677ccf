"""The demo city on a real hub, and the simulated province over HTTP."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.app import hub_on
from hub.commands.up import DEMO_PROVINCE
from hub.kernel.actor import Actor
from hub.kernel.clock import SetClock
from hub.streams.exchange.model import ON_THE_WAY
from scripts.carriers_sim.app import running
from scripts.carriers_sim.knobs import Knobs, turned
from scripts.carriers_sim.settings import Account
from scripts.carriers_sim.world import World
from tests.flows.broadcast.stage import settings_for
from tests.flows.proposals.stage import FIRST, INTAKE, ProposalStage

BEFORE, OVER = "关于交换开通之前提出的建议", "关于交换开通之前就撤回的建议"


@dataclass(kw_only=True)
class ExchangeStage(ProposalStage):
    world: World
    web: aiohttp.ClientSession

    def turn(self, **knobs: Any) -> None:
        self.world.knobs = turned(self.world.knobs, {"province": knobs})

    async def control(self, path: str = "", **told: Any) -> Any:
        address = f"{self.hub.settings.carriers}/control/province{path}"
        async with self.web.request("POST" if path else "GET", address, json=told) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if not path else None

    async def theirs(self, case: UUID) -> list[dict[str, Any]]:
        """What the province has of it, in the order of its arrival."""
        return [one for one in (await self.control())["packages"] if one["object"] == f"proposal-{case}"]

    async def told(self, case: UUID) -> list[dict[str, Any]]:
        """The rows that the province has of it, as they came."""
        return [msgspec.json.decode(one["body"])["rows"][0] for one in await self.theirs(case)]

    async def packages(self, case: UUID | None = None, **params: Any) -> list[dict[str, Any]]:
        """The oldest first."""
        rows = await self.see("exchange_packages", size=200, **params)
        return [row for row in reversed(rows) if case is None or row["object"] == f"proposal-{case}"]

    async def settled(self, case: UUID, n: int = 1) -> list[dict[str, Any]]:
        """So many of it are built, and none is on its way."""
        async def so() -> list[dict[str, Any]] | None:
            rows = await self.packages(case)
            return rows if len(rows) >= n and not {row["state"] for row in rows} & ON_THE_WAY else None

        found: list[dict[str, Any]] = await self.until(so)
        return found

    async def at_rest(self, n: int) -> bool:
        rows = await self.packages()
        return len(rows) >= n and not {row["state"] for row in rows} & ON_THE_WAY

    async def whole(self, row: dict[str, Any]) -> dict[str, Any]:
        [shown] = await self.see("exchange_package", package=row["id"])
        return shown

    async def row_of(self, sql: str) -> Any:
        async with self.hub.db.read() as conn:
            return await conn.fetchrow(sql)

    async def standing(self) -> dict[str, Any]:
        return (await self.see("exchange_standing"))[0]

    async def noticed(self, words: str) -> bool:
        return any(words in row["zh"] for row in await self.see("case_notices"))

    async def ask(self, name: str, actor: Actor = INTAKE, **fields: Any) -> Any:
        return await self.hub.desk.ask(msgspec.convert({"id": str(uuid4()), **fields}, self.hub.desk.rule(name).command), actor)

    async def bring(self, envelope: dict[str, str], path: str = "packages") -> tuple[int, dict[str, Any]]:
        """To the hub's door, as the province does."""
        async with self.web.post(f"{self.hub.url}/hooks/province/{path}", data=msgspec.json.encode(envelope)) as answer:
            text = await answer.text()
            return answer.status, msgspec.json.decode(text) if text else {}


def signed(manifest: dict[str, Any], body: str, secret: str = Account().province_secret) -> dict[str, str]:
    """As the province signs; with another secret as somebody else does."""
    text = msgspec.json.encode(manifest)
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    return {"signed": text.decode(), "signature": b64encode(key.sign(text)).decode(), "body": body}


@asynccontextmanager
async def on_stage(dsn: str, data: Path) -> AsyncIterator[ExchangeStage]:
    clock = SetClock(FIRST)
    settings, options = settings_for(data)
    settings = msgspec.structs.replace(settings, province={"url": settings.carriers, "seconds": "1.5", **DEMO_PROVINCE})
    async with (running(options, Knobs(), clock) as (world, _), aiohttp.ClientSession() as web, hub_on(dsn, settings, clock) as hub):
        yield ExchangeStage(hub=hub, clock=clock, world=world, web=web)
