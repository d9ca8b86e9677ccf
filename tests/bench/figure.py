"""One measured figure, and the small things every bench needs."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """`ratio` is value to peer, the right way round for `target`; `target` reads like "≥ 10 ×"."""

    name: str
    value: float
    unit: str
    peer: str | None = None
    ratio: float | None = None
    target: str | None = None
    ok: bool = True


def at_least(name: str, value: float, unit: str, target: float, *, peer: str | None = None, than: float | None = None) -> Figure:
    """With `than` the target is a ratio to the peer's value `than`."""
    if than is None:
        return Figure(name=name, value=round(value, 3), unit=unit, target=f"≥ {target:g} {unit}", ok=value >= target)
    ratio = value / than if than else 0.0
    return Figure(
        name=name, value=round(value, 1), unit=unit, peer=f"{peer}: {than:,.0f}", ratio=round(ratio, 2),
        target=f"≥ {target:g} ×", ok=ratio >= target,
    )


def at_most(name: str, value: float, unit: str, target: float) -> Figure:
    return Figure(name=name, value=round(value, 3), unit=unit, target=f"≤ {target:g} {unit}", ok=value <= target)


async def rate(workers: int, seconds: float, step: Callable[[int], Awaitable[object]]) -> tuple[float, list[float]]:
    """Steps per second by so many concurrent workers, and each step's seconds, sorted."""
    loop = asyncio.get_running_loop()
    begun, took = loop.time(), list[float]()

    async def work(worker: int) -> None:
        while (at := loop.time()) < begun + seconds:
            await step(worker)
            took.append(loop.time() - at)

    async with asyncio.TaskGroup() as group:
        for worker in range(workers):
            group.create_task(work(worker))
    return len(took) / (loop.time() - begun), sorted(took)


def percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: list[float]) -> float:
    return statistics.median(values)


@contextmanager
def scratch() -> Iterator[Path]:
    """A directory that a service user may pass through, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hub-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
