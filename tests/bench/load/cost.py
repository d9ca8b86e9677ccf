"""What processes cost: processor time to the nanosecond, resident memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def family(pids: Iterable[int]) -> list[int]:
    """These processes and everything they started."""
    children: dict[int, list[int]] = {}
    for path in PROC.glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue  # it ended meanwhile
        children.setdefault(parent, []).append(int(path.parent.name))
    found, waiting = list[int](), list(pids)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.append(pid)
            waiting += children.get(pid, ())
    return found


def named(pids: Iterable[int], words: str) -> list[int]:
    """Those whose command line has these words, the oldest first."""
    return sorted(pid for pid in pids if words in _command(pid))


def _command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def cpu_seconds(pids: Iterable[int]) -> float:
    """Of all their threads that live."""
    return sum(_ran(path) for pid in pids for path in PROC.glob(f"{pid}/task/*/schedstat")) / 1e9


def _ran(path: Path) -> int:
    try:
        return int(path.read_text().split()[0])
    except OSError:
        return 0


def resident(pids: Iterable[int]) -> int:
    """Bytes."""
    return sum(_resident(PROC / str(pid) / "status") for pid in pids)


def _resident(path: Path) -> int:
    try:
        status = path.read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:")), 0)
