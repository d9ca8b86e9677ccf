"""The demo city, into an empty database or into files.

    python -m scripts.demo_city --dsn postgresql://…     load it (an inhabited directory is left alone)
    python -m scripts.demo_city --out FOLDER             organisations.xlsx, people.xlsx, outlines.geojson
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from hub.directory.city import demo_city, demo_outlines, load_demo_city
from hub.directory.city_sheets import organisations_xlsx, people_xlsx
from hub.kernel.clock import SystemClock
from hub.record import Database, Journal


async def load(dsn: str) -> int:
    async with Database.open(dsn, size=2) as db, Journal.open(db) as journal:
        loaded = await load_demo_city(db, journal, SystemClock().now())
    print("demo city loaded" if loaded else "the directory is inhabited; nothing was changed")
    return 0


def write(folder: Path) -> int:
    city = demo_city()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "organisations.xlsx").write_bytes(organisations_xlsx(city))
    (folder / "people.xlsx").write_bytes(people_xlsx(city))
    (folder / "outlines.geojson").write_text(json.dumps(demo_outlines(), ensure_ascii=False), "utf-8")
    print(f"3 files written to {folder}")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="demo_city", description="The demo city, loaded or written to files.")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--dsn", help="a migrated database whose directory is empty")
    where.add_argument("--out", type=Path, help="a folder for the files")
    chosen = parser.parse_args()
    return asyncio.run(load(chosen.dsn)) if chosen.dsn else write(chosen.out)


if __name__ == "__main__":
    sys.exit(main())
