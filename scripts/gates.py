"""The house rules, side by side; each prints one line, and its findings where it has some."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
NPM = ("npm", "--prefix", "web", "run", "--silent")
LIMIT = 600
"""Seconds a single gate may take."""

# The long ones first: two run at a time.
GATES: dict[str, tuple[str, ...]] = {
    "mypy": (f"{BIN}/mypy",),
    "vue-tsc": (*NPM, "types"),
    "eslint": (*NPM, "lint"),
    "imports": (f"{BIN}/lint-imports", "--no-cache"),
    "contract": ("scripts/contract", "--check"),
    "ruff": (f"{BIN}/ruff", "check", "--quiet", "--output-format", "concise", "."),
}


@dataclass(frozen=True)
class Finding:
    gate: str
    ok: bool
    said: str
    seconds: float


def try_gate(name: str) -> Finding:
    began = time.monotonic()
    try:
        done = subprocess.run(
            GATES[name], capture_output=True, text=True, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding(name, False, f"not done after {LIMIT} s", LIMIT)
    return Finding(name, done.returncode == 0, done.stdout + done.stderr, time.monotonic() - began)


def tell(finding: Finding) -> None:
    sys.stdout.write(f"{'✓' if finding.ok else '✗'} {finding.gate:<10} {finding.seconds:6.1f} s\n")
    if not finding.ok:
        sys.stdout.writelines(f"    {line}\n" for line in finding.said.strip().splitlines())
    sys.stdout.flush()


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in GATES]
    if unknown:
        sys.stderr.write(f"There is no gate {', '.join(unknown)}; there are: {', '.join(GATES)}.\n")
        return 2
    wanted = names or list(GATES)
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for finding in pool.map(try_gate, wanted):
            tell(finding)
            failed += not finding.ok
    sys.stdout.write(f"{len(wanted) - failed} kept, {failed} broken\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
