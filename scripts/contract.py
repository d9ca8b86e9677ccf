"""The contract between hub and browser: the hub's OpenAPI document, and the TypeScript types made of it.

`--check` changes nothing and fails where either is older than the messages it is made from.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

DOCUMENT = Path("web/packages/contract/openapi.json")
ASK_HUB = (sys.executable, "-m", "hub", "openapi")
MAKE_TYPES = ("npm", "--prefix", "web", "run", "--silent", "contract")
CHECK_TYPES = (*MAKE_TYPES[:-1], "contract:check")
LIMIT = 120


def document() -> str:
    """As the messages are now; keys in order, so that a change is a small difference."""
    said = subprocess.run(ASK_HUB, stdout=subprocess.PIPE, text=True, check=True, timeout=LIMIT)
    return json.dumps(json.loads(said.stdout), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def is_stale() -> bool:
    if DOCUMENT.read_text(encoding="utf-8") != document():
        sys.stderr.write(f"{DOCUMENT} is older than the messages: run scripts/contract and commit.\n")
        return True
    return subprocess.run(CHECK_TYPES, check=False, timeout=LIMIT).returncode != 0


def main(arguments: Sequence[str]) -> int:
    if "--check" in arguments:
        return int(is_stale())
    DOCUMENT.write_text(document(), encoding="utf-8")
    return subprocess.run(MAKE_TYPES, check=False, timeout=LIMIT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
