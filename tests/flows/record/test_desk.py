"""A wish is decided on what stands, however often others are faster."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from hub.bus.memory import MemoryBus
from hub.desk import RETRIES, Desk
from hub.kernel.actor import SYSTEM, Actor, Permission
from hub.kernel.clock import SetClock
from hub.kernel.messages import Command, Event
from hub.record import Audit, Connection, Database, Journal, VersionConflict
from hub.spoke import Decides, Decision, Spoke, Write
from hub.telling import Teller
from tests.flows.record.writing import wish

STREAM = "case-1"
CLOCKS, STRIKES = 6, 5
"""Of one case: each reminds twice, ends, and is heard of twice more."""


class Step(Command, frozen=True, kw_only=True):
    pass


class StepTaken(Event, frozen=True, kw_only=True):
    pass


def desk_beside(journal: Journal, db: Database, faster: int) -> Desk:
    """Of a case that others change so many times while somebody reads what he needs."""
    left = [faster]

    async def facts(_conn: Connection, _command: Any, _actor: Actor) -> int:
        found = len(await journal.read(STREAM))
        if left[0]:
            left[0] -= 1
            await journal.append(wish((STREAM, -1, 1)))
        return found

    def decide(version: int, _command: Any, _actor: Actor, _at: datetime) -> Decision:
        return Decision(writes=(Write(STREAM, version, (StepTaken(),)),), result=version)

    step = Decides(command=Step, permission=Permission.SELF, decide=decide, facts=facts)
    return Desk(db=db, journal=journal, audit=Audit(db), teller=Teller(db, MemoryBus()), clock=SetClock(datetime(2026, 6, 3, tzinfo=UTC)),
                spokes=(Spoke(name="steps", commands=(step,), events=(StepTaken,)),))


async def test_a_step_outlasts_all_clocks_of_its_case_striking_in_a_row(journal: Journal, db: Database):
    assert await desk_beside(journal, db, CLOCKS * STRIKES).ask(Step(id=uuid4()), SYSTEM) == CLOCKS * STRIKES


async def test_where_others_are_faster_without_end_one_is_told_so(journal: Journal, db: Database):
    with pytest.raises(VersionConflict):
        await desk_beside(journal, db, 2 * RETRIES).ask(Step(id=uuid4()), SYSTEM)
