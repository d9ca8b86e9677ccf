"""What was acknowledged stands, whoever is killed."""

from __future__ import annotations

from pathlib import Path

from tests.flows.record.crashes import kill_hub, kill_server


async def test_killing_the_server_loses_nothing_acknowledged(tmp_path: Path) -> None:
    after = await kill_server(tmp_path / "server", cycles=3)

    assert (after.lost, after.partial, after.dense) == (0, 0, True)
    assert after.acknowledged > 60


async def test_killing_the_hub_takes_the_server_along_and_loses_nothing(tmp_path: Path) -> None:
    after = await kill_hub(tmp_path / "server")

    assert (after.lost, after.partial, after.dense) == (0, 0, True)
    assert after.acknowledged >= 20
