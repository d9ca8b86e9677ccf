"""What the hub does not keep for ever."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from hub.directory.messages.commands import SavePerson
from hub.directory.messages.shapes import PersonKind
from hub.kernel.actor import SYSTEM
from tests.flows.broadcast.stage import city, person


async def test_the_id_of_a_command_is_known_for_ninety_days(dsn: str, tmp_path: Path):
    wish = SavePerson(id=uuid4(), person=person("周代表"), kind=PersonKind.DEPUTY, name="周代表", org="station:17", code="C-ZHOU")
    async with city(dsn, tmp_path) as stage:
        async def forgotten() -> bool:
            return await stage.hub.journal.result(wish.id) is None

        await stage.ask(wish, SYSTEM)
        stage.later(days=89)
        await stage.until(lambda: stage.value("select true from work.jobs where kind = 'commands.forget' and due > $1", stage.clock.at))
        known = not await forgotten()
        stage.later(days=2)
        await stage.until(forgotten)

    assert known
