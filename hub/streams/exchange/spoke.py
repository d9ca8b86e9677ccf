"""The exchange with the province as a spoke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused
from hub.kernel.messages import Recorded
from hub.record import Connection, Database, Jobs
from hub.spoke import Decides, Does, React, Spoke
from hub.streams.exchange import deciding as d
from hub.streams.exchange import messages as m
from hub.streams.exchange import own_messages as own
from hub.streams.exchange import taking
from hub.streams.exchange.events import EVENTS
from hub.streams.exchange.projection import project
from hub.streams.exchange.reactions import OF_CASES, OF_LISTS
from hub.streams.exchange.views import views_of
from hub.streams.exchange.works import RECONCILE, heed_case, heed_list

P = Permission


def exchange_spoke(db: Database, clock: Clock, border: d.Border) -> Spoke:
    """Where nothing goes over (no address is set) nothing of the neighbours is heeded."""
    building, from_province = d.Building(border, lambda: day_of(clock.now())), taking.Taking(border)
    return Spoke(
        name="exchange", events=EVENTS, views=views_of(border), project=project, reacts=reactions() if border.on else {},
        commands=(
            Decides(command=m.ResendPackage, permission=P.INTAKE, decide=d.resend, facts=d.standing),
            Decides(command=m.CorrectPackage, permission=P.INTAKE, decide=d.correct, facts=building.correction),
            Decides(command=m.SetAsidePackage, permission=P.INTAKE, decide=d.set_aside, facts=d.standing),
            Does(command=m.ReconcileNow, permission=P.INTAKE, handle=partial(_reconcile, db, border)),
            Decides(command=own.BuildPackages, permission=P.SELF, decide=d.build, facts=building.wanted, audited=False),
            Decides(command=own.NotePackagesSent, permission=P.SELF, decide=d.note_sent, facts=d.sending, audited=False),
            Decides(command=own.NotePackageFailure, permission=P.SELF, decide=d.note_failure, facts=d.failure, audited=False),
            Decides(command=own.NotePackageReceipt, permission=P.SELF, decide=d.note_receipt, facts=d.word, audited=False),
            Decides(command=own.TakePackage, permission=P.SELF, decide=taking.take, facts=from_province.arrival, audited=False),
            Decides(command=own.NoteDay, permission=P.SELF, decide=taking.note_day, facts=from_province.day, audited=False),
        ))


def reactions() -> Mapping[str, React]:
    """One for each event: no kind shares one with another."""

    async def of_case(conn: Connection, facts: Sequence[Recorded]) -> None:
        for stream in dict.fromkeys(fact.stream for fact in facts):
            await heed_case(conn, stream, facts[-1].at)

    def of_list(code: str) -> React:
        async def changed(conn: Connection, facts: Sequence[Recorded]) -> None:
            await heed_list(conn, code, facts[-1].at)

        return changed

    lists = {kind: of_list(kind.code) for kind in OF_LISTS}
    return {event: of_case for kind in OF_CASES for event in kind.events} | {event: react for kind, react in lists.items() for event in kind.events}


async def _reconcile(db: Database, border: d.Border, command: m.ReconcileNow, actor: Actor, at: datetime) -> Any:
    d.require_city(actor)
    if not border.on:
        raise Refused("没有设置省级平台的地址，不能对账。", "No province is set; there is nothing to compare with.", code="exchange-off")
    if command.day > day_of(at):
        raise Refused("这一天还没有到，请选择今天或以前的日期。", "That day has not come yet; choose today or an earlier one.", field="day")
    async with db.transaction() as conn:
        await Jobs.put(conn, RECONCILE, str(command.day), at, str(command.day))
    return {"day": command.day}
