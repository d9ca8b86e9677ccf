"""On a running hub: names, documents and copies, asked for as a console asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.kernel.actor import Permission
from hub.search import index
from tests.flows.broadcast.stage import DISTRICT_3, OPERATOR, Stage, city, person
from tests.flows.search.shelf import document

COPIED = "近年来虽有部分小区加装了电梯，但由于居民意见不一、资金筹集困难，推进缓慢。"


@pytest.fixture
async def stage(city_dsn: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with city(city_dsn, tmp_path) as one:
        yield one


async def test_names_texts_and_copies_are_found_within_what_one_may_see(stage: Stage) -> None:
    async with stage.hub.db.transaction() as conn:
        await index(conn, document("加装电梯", COPIED, refs=(OPERATOR.id,), desks=(Permission.INTAKE,)))

    assert [(row["id"], row["kind"], row["name"]) for row in await stage.see("search_names", OPERATOR, q="zdb")] == [
        (f"person:{person('赵代表')}", "person", "赵代表")]
    assert [row["name"] for row in await stage.see("search_names", OPERATOR, q="趙代表")] == ["赵代表"]
    assert "station:17" in [row["id"] for row in await stage.see("search_names", DISTRICT_3, q="17")]
    assert await stage.see("search_names", DISTRICT_3, q="赵代表") == []
    assert [row["title"] for row in await stage.see("search", OPERATOR, q="電梯")] == ["加装电梯"]
    assert await stage.see("search", DISTRICT_3, q="电梯") == []
    assert [row["ratio"] for row in await stage.see("similar", OPERATOR, title="", text=COPIED)] == [1.0]
    assert (await stage.see("search_abilities", OPERATOR))[0]["id"] == "related"
