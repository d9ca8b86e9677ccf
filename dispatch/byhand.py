"""What an operator does to single deliveries: notes a word by hand, tries again what was given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dispatch.counting import Deltas
from dispatch.messages.commands import NoteByHand, RetryDead
from dispatch.receipts import Receipts, columns
from dispatch.told import Told
from dispatch.words import RANK, Channel, Outcome, State
from hub.kernel.actor import CITY, Actor
from hub.kernel.errors import NotFound, Refused
from hub.kernel.ids import derived
from hub.record import Bell, Database, load_sql

Q = load_sql("dispatch")

BY_HAND: dict[Outcome, State] = {
    Outcome.DELIVERED: State.DELIVERED, Outcome.READ: State.READ, Outcome.CONFIRMED: State.CONFIRMED,
}


class ByHand:
    def __init__(self, db: Database, receipts: Receipts, queued: Bell) -> None:
        self._db, self._receipts, self._queued = db, receipts, queued

    async def note(self, command: NoteByHand, actor: Actor, at: datetime) -> dict[str, Any]:
        state = BY_HAND.get(command.outcome)
        if state is None:
            raise Refused("人工登记只能是已送达、已读或已确认。", "By hand only delivered, read or confirmed can be noted.",
                          code="not-by-hand", field="outcome")
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["delivery_scope"], command.delivery)
        if row is None or not actor.covers((CITY, *row["scopes"])):
            raise NotFound("没有这个收件人，或不归您管理。", "There is no such recipient, or not yours.")
        await self._receipts.put([Told(
            key=f"hand:{command.id}", source="operator", state=state, delivery=command.delivery,
            detail=f"{actor.name}：{command.note}", at=at)])
        return {"delivery": str(command.delivery)}

    async def retry(self, command: RetryDead, actor: Actor, at: datetime) -> dict[str, Any]:
        """Attempt ids follow from the try's number, so asking twice queues one try."""
        async with self._db.transaction() as conn:
            found = await conn.fetch(Q["dead_for_retry"], list(command.attempts), list(actor.scopes))
            refs = {row["id"]: row["ref"] for row in await conn.fetch(
                "select id, ref from dispatch.delivery where id = any($1::uuid[])", [row["delivery"] for row in found])}
            tries = [(
                derived(row["broadcast"], refs[row["delivery"]], row["channel"], row["round"], row["rung"], row["try"] + 1),
                row["delivery"], row["broadcast"], row["channel"], row["lane"], row["round"], row["rung"], row["try"] + 1,
                State.QUEUED, RANK[State.QUEUED], "", row["address"], at, at) for row in found]
            born = {row["id"] for row in await conn.fetch(Q["insert_attempts"], *columns(tries))} if tries else set()
            deltas = Deltas()
            for one in tries:
                if one[0] in born:
                    deltas.attempt(one[2], Channel(one[3]), None, State.QUEUED)
            await deltas.save(conn, Q["add_counts"])
        self._queued.ring()
        return {"queued": len(born)}
