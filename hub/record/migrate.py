"""Numbered SQL. (Signatures first; the body follows.)"""

from __future__ import annotations

from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations"


async def run_migrations(dsn: str, folder: Path = MIGRATIONS) -> list[str]:
    raise NotImplementedError
