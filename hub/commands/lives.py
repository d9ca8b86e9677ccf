"""Tasks on streams: a life drawn from its tables; the rows of cases, and of the exchange, written anew from the journal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from hub.business import STREAMS
from hub.cases.rebuild import rebuild
from hub.cases.shapes import LIVES
from hub.commands.database import database
from hub.exchange import ROWS
from hub.kernel.errors import NotFound
from hub.kernel.lifecycle import as_table, diagram
from hub.record import Database, Journal
from hub.settings import read


def add_tasks(tasks: Any) -> None:
    life = tasks.add_parser("lifecycle", help="a stream's states, steps and clocks, drawn from its tables")
    life.add_argument("stream", help="e.g. proposals")
    anew = tasks.add_parser("rebuild", help="the rows of all cases and of the exchange from the journal; stop the hub before")
    anew.add_argument("--check", action="store_true", help="only say whether they come out as they are")
    anew.add_argument("--data", type=lambda text: Path(text).absolute())


async def lifecycle(told: argparse.Namespace) -> int:
    sys.stdout.write(drawn_life(told.stream))
    return 0


def drawn_life(stream: str) -> str:
    """Raises NotFound with the names there are."""
    names = [spoke.name for spoke in STREAMS]
    if stream not in names:
        raise NotFound(f"没有“{stream}”，现有：{'、'.join(names)}。", f"There is no {stream!r}; there are {', '.join(names)}.")
    life = LIVES[stream].life
    return f"```mermaid\n{diagram(life)}\n```\n\n{as_table(life)}\n"


async def rebuild_cases(told: argparse.Namespace) -> int:
    """0 when the rows came out as they were."""
    async with database(read(data=told.data)) as dsn, Database.open(dsn, size=4) as db, Journal.open(db) as journal:
        differing = await rebuild(db, journal, (ROWS,), keep=not told.check)
    for table, (before, after) in differing.items():
        sys.stdout.write(f"✗ {table}: {before} → {after}\n")
    sys.stdout.write(f"{'✗' if differing else '✓'} 事项各表与日志{'不符' if differing else '一致'}\n  cases: {len(differing)} tables differ from the journal\n")
    return int(bool(differing))


TASKS = {"lifecycle": lifecycle, "rebuild": rebuild_cases}
