"""scripts/bench: runs tests/bench/<name>.py and prints its figures beside their targets."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import uvloop
from rich.console import Console
from rich.table import Table

from tests.bench.figure import Figure

BENCHES = Path("tests/bench")


def names() -> list[str]:
    return sorted(
        path.stem
        for path in BENCHES.glob("*.py")
        if "\nasync def run(" in path.read_text(encoding="utf-8")
    )


def machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def as_table(name: str, figures: Sequence[Figure]) -> Table:
    table = Table(title=f"{name} on {machine()}", title_justify="left")
    for heading in ("figure", "value", "unit", "peer", "ratio", "target", "ok"):
        table.add_column(heading, justify="right" if heading in ("value", "ratio") else "left")
    for figure in figures:
        row = msgspec.to_builtins(figure)
        ok = "✓" if row.pop("ok") else "✗"
        table.add_row(*(shown(value) for value in row.values()), ok)
    return table


def shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return "" if value is None else str(value)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("name", nargs="?", default="", help=", ".join(names()))
    parser.add_argument("--quick", action="store_true", help="end within 45 s")
    parser.add_argument("--hour", nargs="?", type=float, const=3.0, metavar="MINUTES",
                        help="media: one speaker and 73 stations for so long (3 minutes), from shortly before all numbers wrap")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    wish = parse(arguments)
    if wish.name not in names():
        wrong = f"There is no bench {wish.name}; there" if wish.name else "Which one? There"
        sys.stderr.write(f"{wrong} are: {', '.join(names())}.\n")
        return 2
    bench = importlib.import_module(f"tests.bench.{wish.name}")
    if wish.hour is not None and not hasattr(bench, "hour"):
        sys.stderr.write(f"The bench {wish.name} has no --hour.\n")
        return 2
    work = bench.run(wish.quick) if wish.hour is None else bench.hour(wish.hour)
    figures: Sequence[Figure] = uvloop.run(work)
    if wish.json:
        whole = {"name": wish.name, "machine": machine(), "figures": figures}
        sys.stdout.write(msgspec.json.encode(whole).decode() + "\n")
    else:
        Console().print(as_table(wish.name, figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
