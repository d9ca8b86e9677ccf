"""What the readmes promise of the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hub.__main__ import main


async def test_the_rows_of_cases_are_compared_with_the_journal(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("HUB_DSN", dsn)
    monkeypatch.setenv("HUB_DATA", str(tmp_path))

    code = await asyncio.to_thread(main, ["rebuild", "--check"])

    assert (code, "✓ 事项各表与日志一致" in capsys.readouterr().out) == (0, True)


def test_a_life_is_drawn(capsys: pytest.CaptureFixture[str]):
    drawn, unknown = main(["lifecycle", "proposals"]), main(["lifecycle", "nothing"])

    life, sentence = capsys.readouterr()
    assert (drawn, life.startswith("```mermaid\nstateDiagram-v2\n"), "| 步骤 | 命令 |" in life) == (0, True, True)
    assert (unknown, "没有“nothing”，现有：" in sentence, "proposals" in sentence) == (2, True, True)
