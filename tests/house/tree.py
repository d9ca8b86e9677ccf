"""The files of the house, as git sees them."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ("web/packages/contract/src/schema.d.ts",)


@cache
def paths() -> tuple[str, ...]:
    listed = subprocess.run(
        ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"),
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE,
    ).stdout.split("\0")
    return tuple(sorted(one for one in listed if one and (ROOT / one).is_file()))


def texts(*endings: str, under: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of each written file whose name ends so."""
    for path in paths():
        if path.endswith(endings) and path.startswith(under) and path not in GENERATED:
            yield path, (ROOT / path).read_text(encoding="utf-8")
