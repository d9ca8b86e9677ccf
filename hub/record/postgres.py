"""Embedded PostgreSQL. (Signatures first; the body follows.)"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


class PostgresServer:
    """`async with PostgresServer(data_dir) as server: server.dsn`."""

    dsn: str
    attached: bool

    def __init__(self, data_dir: Path, bin: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> PostgresServer:
        raise NotImplementedError

    async def __aexit__(self, *_: object) -> None:
        raise NotImplementedError
