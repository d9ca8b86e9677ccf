"""What SQL says and what Python says is the same; and rows in any batches come to the same."""

from __future__ import annotations

import random
from itertools import product
from uuid import UUID

from dispatch.states import outcome_of
from dispatch.told import Told
from dispatch.words import RANK, Channel, State
from hub.record import Database
from tests.flows.broadcast.stage import Stage
from tests.flows.broadcast.test_acts import NIGHT

TRIES = ("select d.name, a.channel, a.id from dispatch.attempt a join dispatch.delivery d on d.id = a.delivery"
         " where a.broadcast = $1")


async def planned(stage: Stage, which: UUID, n: int) -> dict[tuple[str, str], UUID]:
    """The tries, by name and road, as soon as all are there."""
    async def all_there() -> dict[tuple[str, str], UUID]:
        found = {(row["name"], row["channel"]): row["id"] for row in await stage.rows(TRIES, which)}
        return found if len(found) == n else {}

    tries: dict[tuple[str, str], UUID] = await stage.until(all_there)
    return tries


async def test_the_database_rolls_up_as_the_rules_do(db: Database) -> None:
    ranks = [*range(101)]
    async with db.read() as conn:
        for rank, ended, cancelled in product(ranks, (False, True), (False, True)):
            told = await conn.fetchval("select dispatch.outcome_of($1::smallint, $2, $3)", rank, ended, cancelled)
            assert told == outcome_of(rank, ended=ended, cancelled=cancelled)


async def test_receipts_in_any_order_batches_and_repetition_come_to_the_same_rows(stage: Stage) -> None:
    stage.clock.at = NIGHT
    names = await stage.crowd(6)
    code = await stage.climbs(((Channel.SMS, Channel.VOICE), 60))
    results = []
    chance = random.Random(5)
    script = [(name, channel, state, chance.randrange(40)) for name in names for channel in ("sms", "voice")
              for state in chance.sample([one for one in State if RANK[one] >= 20], 5)]
    for _ in range(3):
        which = await stage.send(*names, ladder=code)
        tries = await planned(stage, which, 2 * len(names))
        tolds = [Told(key=f"{which}/{name}/{channel}/{state}", source="callback", state=state, channel=Channel(channel),
                      attempt=tries[name, channel], at=stage.clock.at) for name, channel, state, _ in script]
        chance.shuffle(tolds)
        while tolds:
            size = chance.randrange(1, 9)
            await stage.hub.receipts.put(tolds[:size] + tolds[:1])
            tolds = tolds[size:]
        await stage.until_quiet()
        rows = await stage.rows(
            "select d.name, d.rank, d.outcome, d.road, d.ended, a.channel, a.state from dispatch.delivery d"
            " join dispatch.attempt a on a.delivery = d.id where d.broadcast = $1 order by d.name, a.channel, a.try", which)
        results.append([tuple(row.values()) for row in rows])
        await stage.adds_up()

    assert results[0] == results[1] == results[2]
