"""What the readmes promise of the command line."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.settings import environment

PATIENCE = 120


async def hub(dsn: str, data: Path, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", *arguments, env={**environment(), "HUB_DSN": dsn, "HUB_DATA": str(data)}, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    async with asyncio.timeout(PATIENCE):
        out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def test_the_rows_of_cases_are_compared_with_the_journal(dsn: str, tmp_path: Path):
    code, compared = await hub(dsn, tmp_path, "rebuild", "--check")

    assert (code, "✓ 事项各表与日志一致" in compared) == (0, True)


def test_a_life_is_drawn(capsys: pytest.CaptureFixture[str]):
    drawn, unknown = main(["lifecycle", "proposals"]), main(["lifecycle", "nothing"])

    life, sentence = capsys.readouterr()
    assert (drawn, life.startswith("```mermaid\nstateDiagram-v2\n"), "| 步骤 | 命令 |" in life) == (0, True, True)
    assert (unknown, "没有“nothing”，现有：" in sentence, "proposals" in sentence) == (2, True, True)
