"""python -m hub up | serve | migrate | contract | status | broadcast | import | verify"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from hub.commands import client, maintenance, up
from hub.kernel.errors import HubError
from hub.settings import read


def parser() -> argparse.ArgumentParser:
    told = argparse.ArgumentParser(prog="python -m hub", description="联络站互联调度中枢 · Liaison Hub")
    tasks = told.add_subparsers(dest="task", required=True)
    for name, words in (("up", "everything on this machine: database, hub, demo city"), ("serve", "the hub alone")):
        task = tasks.add_parser(name, help=words)
        task.add_argument("--port", type=int)
        task.add_argument("--host")
        task.add_argument("--data", type=lambda text: Path(text).absolute())
        if name == "up":
            task.add_argument("--no-demo", dest="demo", action="store_false")
    maintenance.add_tasks(tasks)
    client.add_tasks(tasks)
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    told = parser().parse_args(arguments)
    try:
        return run(told)
    except HubError as error:
        return _fail(error)
    except BaseExceptionGroup as group:
        ours, others = group.split(HubError)
        if others is not None or ours is None:
            raise
        return _fail(_first(ours))


def _fail(error: HubError) -> int:
    english = f"  {error.en}\n" if error.en != error.zh else ""
    sys.stderr.write(f"✗ {error.zh}\n{english}")
    return 2


def run(told: argparse.Namespace) -> int:
    if told.task in ("up", "serve"):
        settings = read(port=told.port, host=told.host, data=told.data, demo=getattr(told, "demo", False))
        uvloop.run(up.up(settings))
        return 0
    return asyncio.run((maintenance.TASKS | client.TASKS)[told.task](told))


def _first(group: BaseExceptionGroup[HubError]) -> HubError:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


if __name__ == "__main__":
    sys.exit(main())
