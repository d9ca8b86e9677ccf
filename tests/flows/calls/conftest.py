from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from hub.record import Database, Journal
from tests.flows.calls.board import Board, board_on, settle


@pytest.fixture
async def board(db: Database, journal: Journal) -> AsyncIterator[Board]:
    async with board_on(db, journal) as one:
        await settle(one.desk, one.db)
        yield one
