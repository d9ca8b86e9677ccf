"""While the database is away, who is known reads on what he was shown before, and is told of when it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from hub.directory.messages.commands import SaveOrganisation
from hub.kernel.actor import SYSTEM
from hub.record import PostgresServer
from hub.wire.words import REFETCH
from tests.flows.broadcast.stage import Stage
from tests.flows.cluster.guest import Guest
from tests.flows.faults.outage import standing_still, until_done, wish
from tests.flows.gateway.visitor import Visitor

STATIONS = {"view": "stations", "params": {}}
AWAY = (503, "database-away")


@dataclass(frozen=True)
class Office:
    """Two who talk with each other and watch, one who has only signed in, and one whom nobody knows."""

    operator: Visitor
    approver: Visitor
    viewer: Visitor
    stranger: Visitor
    desk: Guest
    other: Guest
    conversation: str

    async def types(self) -> bool:
        """Whether the other sees it."""
        self.other.signals.clear()
        said = await self.desk.call("ask", {"type": "SayTyping", "id": str(uuid4()), "conversation": self.conversation})
        return bool(said["ok"] and await self.other.until(lambda: self.other.signals))


@asynccontextmanager
async def office(stage: Stage) -> AsyncIterator[Office]:
    url, port = stage.hub.settings.url, stage.hub.port
    async with AsyncExitStack() as stack:
        operator, approver, viewer = [await stack.enter_async_context(Visitor.of(url, one)) for one in ("operator", "approver", "viewer")]
        stranger = await stack.enter_async_context(Visitor.of(url, Cookie="hub_session=nobody-knows-it"))
        desk, other = [await stack.enter_async_context(Guest(port, {}, one.cookie).staying()) for one in (operator, approver)]
        group = await desk.call("ask", {"type": "CreateGroup", "id": str(uuid4()), "name": "防汛群", "members": [approver.me["id"]]})
        conversation = group["result"]["conversation"]
        await other.call("watch", {"view": "messages", "params": {"conversation": conversation}})
        yield Office(operator, approver, viewer, stranger, desk, other, conversation)


def names(shown: dict[str, Any]) -> dict[str, str]:
    """As a page applies it: the snapshot, then the changes."""
    found = {row["id"]: row["name"] for row in shown["rows"]}
    return found | {key: row["name"] for key, row in shown.get("changes", ())}


def refusal(answer: dict[str, Any]) -> tuple[int, str]:
    problem = answer.get("problem", answer)
    return problem["status"], problem["code"]


async def test_while_the_database_is_away_reads_and_signals_go_on_and_a_command_succeeds_afterwards(
    stage: Stage, server: PostgresServer,
):
    which = str(uuid4())
    async with office(stage) as at:
        await at.desk.call("watch", STATIONS)
        before = await at.operator.see("stations")
        await stage.ask(SaveOrganisation(id=uuid4(), organisation="station:17", parent="district:3", name="新名"), SYSTEM)
        await at.desk.until(lambda: any(row and row.get("name") == "新名" for told in at.desk.told for _, row in told["changes"]))
        await at.types()

        with standing_still(server):
            reread = await at.operator.see("stations")
            async with Guest(stage.hub.port, {}, at.operator.cookie).staying() as late:
                watched = await late.call("watch", STATIONS)
            me, seen = await at.operator.get("/api/me"), await at.types()
            refused = [await at.viewer.see("stations", status=503), await at.stranger.get("/api/me", status=503),
                       await at.desk.call("ask", wish(which))]
        _, asked = await until_done(at.desk, wish(which))
        again, after = await at.desk.call("ask", wish(which)), await at.operator.see("stations")

    assert (reread["rows"], reread["as_of"] is None) == (before["rows"], False)
    assert (names(watched)["station:17"], watched["as_of"] is None) == ("新名", False)
    assert (me["id"], seen) == (at.operator.me["id"], True)
    assert [refusal(one) for one in refused] == [AWAY] * 3
    assert (asked["ok"], again) == (True, asked)
    assert (names(after)["station:17"], after["as_of"]) == ("新名", None)


async def test_who_was_taken_out_of_a_group_is_not_shown_again_what_he_saw_there(stage: Stage):
    async with office(stage) as at:
        seen = await at.approver.see("messages", conversation=at.conversation)
        await at.desk.call("ask", {"type": "RemoveMembers", "id": str(uuid4()), "conversation": at.conversation,
                                   "members": [at.approver.me["id"]]})
        await at.other.until(lambda: any(key == REFETCH for told in at.other.told for key, _ in told["changes"]))

        stage.hub.db.reach.away = True
        me = await at.approver.get("/api/me")
        again = await at.approver.see("messages", status=503, conversation=at.conversation)
        stage.hub.db.reach.away = False

    assert (seen["as_of"], me["id"]) == (None, at.approver.me["id"])
    assert refusal(again) == AWAY
