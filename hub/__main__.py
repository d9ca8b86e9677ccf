"""python -m hub up | serve | migrate | contract | status | broadcast | import | verify | lifecycle"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import uvloop

from hub.commands import client, cluster, lives, maintenance, up, worker
from hub.kernel.errors import HubError
from hub.logs import log_to_stderr
from hub.settings import Settings, read


def parser() -> argparse.ArgumentParser:
    told = argparse.ArgumentParser(prog="python -m hub", description="联络站互联调度中枢 · Liaison Hub")
    tasks = told.add_subparsers(dest="task", required=True)
    for name, words in (("up", "everything on this machine: database, hub, demo city"), ("serve", "the hub alone"),
                        ("worker", "one process of `serve --workers N`, which starts it")):
        task = tasks.add_parser(name, help=words)
        task.add_argument("--port", type=int)
        task.add_argument("--host")
        task.add_argument("--data", type=lambda text: Path(text).absolute())
        if name != "worker":
            task.add_argument("--workers", help="processes on one port")
        if name == "up":
            task.add_argument("--no-demo", dest="demo", action="store_false", help="an empty hub")
            task.add_argument("--no-year", dest="year", action="store_false", help="a demo city without a year of cases behind it")
    maintenance.add_tasks(tasks)
    client.add_tasks(tasks)
    lives.add_tasks(tasks)
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    told = parser().parse_args(arguments)
    log_to_stderr()
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
    if told.task in ("up", "serve", "worker"):
        settings = read(port=told.port, host=told.host, data=told.data, demo=getattr(told, "demo", False),
                        workers=getattr(told, "workers", None), year=told.demo and told.year if told.task == "up" else None)
        uvloop.run(_serving(told.task, settings))
        return 0
    return asyncio.run((maintenance.TASKS | client.TASKS | lives.TASKS)[told.task](told))


def _serving(task: str, settings: Settings) -> Coroutine[Any, Any, None]:
    if task == "worker":
        return worker.work(settings)
    return cluster.serve(settings) if settings.workers > 1 else up.up(settings)


def _first(group: BaseExceptionGroup[HubError]) -> HubError:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


if __name__ == "__main__":
    sys.exit(main())
