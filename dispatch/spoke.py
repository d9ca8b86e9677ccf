"""Dispatch as a spoke: who must know, and by which road."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from dispatch import model, settings_model
from dispatch.audience import send_facts
from dispatch.byhand import ByHand
from dispatch.invitations import INVITATIONS
from dispatch.messages.commands import (
    ApproveBroadcast,
    CancelBroadcast,
    CloseBroadcast,
    ExtendBroadcast,
    NoteByHand,
    RejectBroadcast,
    RemindUnanswered,
    RemoveTemplate,
    ReportReceipts,
    ResendByRoad,
    RetryDead,
    SaveLadder,
    SaveQuietHours,
    SaveTemplate,
    SendBroadcast,
    StartBroadcast,
)
from dispatch.projection import WRITES, project
from dispatch.receipts import Receipts
from dispatch.settings_model import Versioned
from dispatch.views import build_views
from dispatch.words import Channel, Outcome
from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import Clock
from hub.record import Connection, load_sql
from hub.spoke import Decides, Decision, Does, Spoke

Q = load_sql("dispatch")

Decide = Callable[[Any, Any, Actor, datetime], Decision]

ACTS: tuple[tuple[type[Any], Permission, Decide], ...] = (
    (ApproveBroadcast, Permission.BROADCAST_APPROVE, model.approve),
    (RejectBroadcast, Permission.BROADCAST_APPROVE, model.reject),
    (StartBroadcast, Permission.BROADCAST, model.start),
    (CancelBroadcast, Permission.BROADCAST, model.cancel),
    (RemindUnanswered, Permission.BROADCAST, model.remind),
    (ExtendBroadcast, Permission.BROADCAST, model.extend),
    (CloseBroadcast, Permission.BROADCAST, model.close),
)


async def standing(conn: Connection, command: Any, _actor: Actor) -> model.Standing | None:
    row = await conn.fetchrow(Q["standing"], command.broadcast)
    if row is None:
        return None
    outcomes: Mapping[str, int] = {key: n for key, n in row["outcomes"].items() if n}
    return msgspec.convert(dict(row) | {
        "by": row["by_id"], "outcomes": outcomes,
        "unanswered": sum(n for key, n in outcomes.items() if key != Outcome.CONFIRMED),
    }, model.Standing)


def _version(table: str, key: Callable[[Any], Any]) -> Callable[[Connection, Any, Actor], Any]:
    async def facts(conn: Connection, command: Any, _actor: Actor) -> Versioned:
        return Versioned(await conn.fetchval(f"select version from dispatch.{table} where code = $1", key(command)))

    return facts


async def _nothing(_conn: Connection, _command: Any, _actor: Actor) -> Versioned:
    return Versioned(None)


def build_spoke(receipts: Receipts, by_hand: ByHand, clock: Clock, carriers: frozenset[Channel]) -> Spoke:
    edit = Permission.LADDER_EDIT
    template = _version("template", lambda command: command.code)
    return Spoke(
        name="dispatch",
        commands=(
            Decides(command=SendBroadcast, permission=Permission.BROADCAST, decide=model.send, facts=send_facts),
            *(Decides(command=command, permission=permission, decide=decide, facts=standing)
              for command, permission, decide in ACTS),
            Decides(command=ResendByRoad, permission=Permission.BROADCAST, decide=partial(model.resend, carriers),
                    facts=standing),
            Decides(command=SaveTemplate, permission=Permission.BROADCAST, decide=settings_model.save_template,
                    facts=template),
            Decides(command=RemoveTemplate, permission=Permission.BROADCAST, decide=settings_model.remove_template,
                    facts=template),
            Decides(command=SaveLadder, permission=edit, decide=settings_model.save_ladder,
                    facts=_version("ladder", lambda command: command.ladder.code)),
            Decides(command=SaveQuietHours, permission=edit, decide=settings_model.save_quiet_hours, facts=_nothing),
            Does(command=ReportReceipts, permission=Permission.SELF, handle=receipts.report, audited=False),
            Does(command=NoteByHand, permission=Permission.BROADCAST, handle=by_hand.note),
            Does(command=RetryDead, permission=Permission.BROADCAST, handle=by_hand.retry),
        ),
        events=tuple(WRITES),
        views=(*build_views(clock, carriers), INVITATIONS),
        project=project,
    )


