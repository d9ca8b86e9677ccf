"""A round of stations, and who runs it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.directory.messages.commands import SaveOrganisation
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from media.meetings.hosting import wish
from media.meetings.messages import commands as c
from media.meetings.words import room_of
from media.shapes import RoomWish
from tests.flows.broadcast.stage import Stage

DUTY = Actor(id=f"account:{derived('account', 'operator')}", name="值班员", roles=(Role.OPERATOR,), scopes=("city",))
DISTRICT_3 = Actor(id=f"account:{derived('account', 'district3')}", name="三区", roles=(Role.OPERATOR,), scopes=("district:3",))
MANY = tuple(range(30, 50))
"""Stations of district 1."""
FIVE = MANY[:5]


def station(number: int) -> Actor:
    return Actor(id=f"station:{number}", name=f"站{number}", roles=(Role.STATION,), scopes=(f"station:{number}",))


def refs(*numbers: int) -> tuple[str, ...]:
    return tuple(f"station:{number}" for number in numbers)


@dataclass
class RoundTable:
    stage: Stage

    async def more_stations(self) -> None:
        for number in MANY:
            await self.stage.ask(SaveOrganisation(
                id=uuid4(), organisation=f"station:{number}", parent="district:1", name=f"第{number}站", lon=120.0, lat=30.0,
                auto_answer=number % 2 == 0), SYSTEM)

    async def open(self, *targets: str, actor: Actor = DUTY, **fields: Any) -> UUID:
        command = c.OpenMeeting(id=uuid4(), title="防汛会商", targets=targets, **fields)
        await self.stage.ask(command, actor)
        return command.id

    async def ask(self, kind: type[Any], meeting: UUID, actor: Actor = DUTY, **fields: Any) -> Any:
        return await self.stage.ask(kind(id=uuid4(), meeting=meeting, **fields), actor)

    async def refused(self, kind: type[Any], meeting: UUID, actor: Actor = DUTY, **fields: Any) -> str:
        with pytest.raises(Refused) as refusal:
            await self.ask(kind, meeting, actor, **fields)
        return refusal.value.code

    async def enter(self, meeting: UUID, *numbers: int) -> None:
        """All at once."""
        await asyncio.gather(*(self.ask(c.EnterMeeting, meeting, station(number)) for number in numbers))

    async def row(self, meeting: UUID, actor: Actor = DUTY) -> dict[str, Any]:
        return (await self.stage.see("meeting", actor, meeting=str(meeting)))[0]

    async def members(self, meeting: UUID, actor: Actor = DUTY) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in await self.stage.see("meeting_members", actor, meeting=str(meeting))}

    async def places(self, meeting: UUID) -> dict[str, int]:
        return {ref: row["place"] for ref, row in (await self.members(meeting)).items() if row["kind"] == "station"}

    async def mine(self, number: int) -> list[dict[str, Any]]:
        return await self.stage.see("my_meetings", station(number))

    async def wish(self, meeting: UUID) -> RoomWish:
        async with self.stage.hub.db.read() as conn:
            found = await wish(conn, room_of(meeting))
        assert found
        return found
