"""Who talks with whom in these tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from dispatch.conversations.messages.commands import (
    CreateGroup,
    OpenDirect,
    SendMessage,
)
from hub.commands.maintenance import WRONG_NUMBERS
from hub.kernel.actor import Actor, Role
from hub.kernel.ids import derived
from tests.flows.broadcast.stage import Stage, ref, self_of

ADMIN = Actor(id=f"account:{derived('account', 'admin')}", name="管理员", roles=(Role.ADMINISTRATOR,), scopes=("city",))
DUTY = Actor(id=f"account:{derived('account', 'operator')}", name="值班员", roles=(Role.OPERATOR,), scopes=("city",))
VIEWER = Actor(id=f"account:{derived('account', 'viewer')}", name="观察员", roles=(Role.VIEWER,), scopes=("city",))
LI, WANG, SUN = self_of("李代表"), self_of("王代表"), self_of("孙代表")
ZHAO = self_of("赵代表")
"""Of another district."""


def station(number: int) -> Actor:
    return Actor(id=f"station:{number}", name=f"站{number}", roles=(Role.STATION,), scopes=(f"station:{number}",))


@dataclass
class Talk:
    stage: Stage

    async def ask(self, command: Any, actor: Actor) -> Any:
        return await self.stage.ask(command, actor)

    async def direct(self, actor: Actor, other: str, seat: str = "") -> UUID:
        return UUID((await self.ask(OpenDirect(id=uuid4(), other=other, seat=seat), actor))["conversation"])

    async def group(self, owner: Actor, *members: Actor, **more: Any) -> UUID:
        wish = CreateGroup(id=uuid4(), name="防汛群", members=tuple(one.id for one in members), **more)
        return UUID((await self.ask(wish, owner))["conversation"])

    async def say(self, actor: Actor, conversation: UUID, text: str = "你好", **more: Any) -> UUID:
        command = SendMessage(id=uuid4(), conversation=conversation, text=text, **more)
        return UUID((await self.ask(command, actor))["message"])

    async def list_of(self, actor: Actor, **params: Any) -> dict[UUID, dict[str, Any]]:
        return {UUID(row["id"]): row for row in await self.stage.see("conversations", actor, **params)}

    async def row(self, actor: Actor, conversation: UUID, **params: Any) -> dict[str, Any]:
        return (await self.list_of(actor, **params))[conversation]

    async def messages(self, actor: Actor, conversation: UUID, **params: Any) -> list[dict[str, Any]]:
        return await self.stage.see("messages", actor, conversation=str(conversation), **params)

    async def texts(self, actor: Actor, conversation: UUID, **params: Any) -> list[tuple[int, str]]:
        return [(row["number"], row["text"]) for row in await self.messages(actor, conversation, **params)]

    async def adds_up(self) -> None:
        assert [dict(row) for row in await self.stage.rows(WRONG_NUMBERS)] == []


__all__ = ["ADMIN", "DUTY", "LI", "SUN", "VIEWER", "WANG", "ZHAO", "Talk", "ref", "station"]
