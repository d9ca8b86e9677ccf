"""A deputy's phone by hand: it uploads by tus, announces and sends; its clock may be wrong, its pictures may be none."""

from __future__ import annotations

import io
import math
import struct
import wave
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID, uuid4

from hub.access.secret_key import secret_key
from hub.access.tokens import make_link
from hub.directory.messages.commands import SaveOrganisation
from hub.kernel.actor import SYSTEM, Actor
from tests.flows.duties.stage import ONE, DutyStage, uid
from tests.flows.gateway.visitor import Visitor
from tests.flows.uploads.raw import Tusker
from tests.lives import unit

ROADS = unit(5)
PLACE: dict[str, Any] = {"lon": 120.70, "lat": 28.00, "accuracy": 12.0}


def png(side: int = 8) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + bytes((x * y) % 256 for x in range(side * 3)) for y in range(side))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) + chunk(
        b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def voice() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n / 6))) for n in range(16_000)))
    return out.getvalue()


@dataclass(kw_only=True)
class SnapStage:
    """`duty`: the hub; `tus`: the first deputy's phone."""

    duty: DutyStage
    tus: Tusker

    @classmethod
    @asynccontextmanager
    async def of(cls, duty: DutyStage) -> AsyncIterator[SnapStage]:
        duty.clock.at = duty.clock.at.astimezone(UTC)  # as a server's clock says it; HTTP dates are made of it
        ask = duty.hub.desk.ask
        await ask(SaveOrganisation(id=uuid4(), organisation="district:2", parent="city", name="云溪区"), SYSTEM)
        await ask(SaveOrganisation(id=uuid4(), organisation="station:1", parent="district:1", name="望江站", lon=120.65, lat=28.00), SYSTEM)
        await ask(SaveOrganisation(id=uuid4(), organisation="station:2", parent="district:2", name="云溪站", lon=120.71, lat=28.00), SYSTEM)
        await ask(SaveOrganisation(id=uuid4(), organisation="department:5", parent="city", name="住建局"), SYSTEM)
        async with Visitor.of(duty.hub.settings.url) as visitor:
            token = make_link(secret_key(duty.hub.settings.data), uid(1), None, duty.clock.at, timedelta(days=300))
            async with visitor.web.post(f"{visitor.url}/api/sign-in/link", json={"token": token}) as answer:
                visitor.csrf = (await answer.json())["me"]["csrf"]
            yield cls(duty=duty, tus=Tusker(visitor))

    async def piece(self, data: bytes, name: str = "照片.png", status: int = 204) -> str:
        """The id of the file that became of it."""
        place = await self.tus.begin(len(data), name, "snapshot")
        answered, _, body = await self.tus.piece(place, 0, data)
        assert answered == status, body
        return place.rpartition("/")[2]

    async def send(self, actor: Actor = ONE, *, files: list[str] | None = None, attempts: int = 1, wait: float = 0, off: timedelta = timedelta(),
                   **seen: Any) -> UUID:
        """Announced and sent, as a phone does; its clock is `off`, and it has waited so many seconds for a line."""
        case = uuid4()
        await self.announce(case, actor, off=off, wait=wait, **seen)
        await self.land(case, actor, off=off, wait=wait, attempts=attempts, files=files)
        return case

    async def announce(self, case: UUID, actor: Actor = ONE, *, wait: float = 0, off: timedelta = timedelta(), **seen: Any) -> Any:
        form = {"kind": "road", "text": "路灯不亮", "way": self._way(wait, off)} | seen
        return await self.duty.take("AnnounceSnapshot", actor, case, **form)

    async def land(self, case: UUID, actor: Actor = ONE, *, files: list[str] | None = None, attempts: int = 1, wait: float = 0,
                   off: timedelta = timedelta()) -> Any:
        return await self.duty.take("SendSnapshot", actor, case, files=files or [], way=self._way(wait, off) | {"attempts": attempts})

    def _way(self, wait: float, off: timedelta) -> dict[str, Any]:
        now = self.duty.clock.at + off
        return {"tapped": now - timedelta(seconds=wait), "began": now, "phone_now": now}

    async def figures(self, actor: Actor, **more: Any) -> dict[str, Any]:
        rows = await self.duty.see("snapshot_figures", actor, **more)
        return rows[0] if rows else {}
