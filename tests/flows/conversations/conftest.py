from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from hub.access.seed import seed_demo_accounts
from hub.directory.messages.commands import SavePerson
from hub.directory.messages.shapes import PersonKind
from hub.kernel.actor import SYSTEM
from tests.flows.broadcast.stage import city, person
from tests.flows.conversations.talk import Talk


@pytest.fixture
async def talk(city_dsn: str, tmp_path: Path) -> AsyncIterator[Talk]:
    async with city(city_dsn, tmp_path) as stage:
        await seed_demo_accounts(stage.hub.access, stage.clock.at)
        await stage.ask(SavePerson(id=uuid4(), person=person("孙代表"), kind=PersonKind.DEPUTY, name="孙代表", org="station:18",
                                   code="C-SUN"), SYSTEM)
        one = Talk(stage)
        yield one
        await one.adds_up()
