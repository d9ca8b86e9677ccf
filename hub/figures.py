"""The numbers of every process of the hub, whichever of them is asked."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress

import msgspec

from hub.bus.port import Bus

ASKED, SAID = "@figures-asked", "@figures"
PATIENCE = 0.5
"""Seconds for the others; who is silent, or cannot be reached, is left out."""

Measures = Mapping[str, tuple[str, Callable[[], float]]]
"""name → (what it counts, the number now)"""


class Said(msgspec.Struct, frozen=True):
    question: str
    node: str
    numbers: dict[str, float]


class Figures:
    """`node`: what this process is called; `processes`: how many there are."""

    def __init__(self, bus: Bus, measures: Measures, *, node: str = "", processes: int = 1) -> None:
        self.measures = measures
        self._bus, self._node, self._processes = bus, node or "w0", processes
        self._waiting: dict[str, tuple[dict[str, dict[str, float]], asyncio.Event]] = {}
        bus.hear(ASKED, self._answer)
        bus.hear(SAID, self._heard)

    async def of_all(self, within: float = PATIENCE) -> dict[str, dict[str, float]]:
        """node → name → number, of whoever says so `within` so many seconds"""
        question = secrets.token_hex(8)
        found, all_said = self._waiting[question] = ({}, asyncio.Event())
        self._bus.signal(ASKED, question.encode())
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await all_said.wait()
        finally:
            del self._waiting[question]
        return found

    def _answer(self, question: bytes) -> None:
        numbers = {name: now() for name, (_, now) in self.measures.items()}
        self._bus.signal(SAID, msgspec.json.encode(Said(question.decode(), self._node, numbers)))

    def _heard(self, told: bytes) -> None:
        said = msgspec.json.decode(told, type=Said)
        found, all_said = self._waiting.get(said.question, (None, None))
        if found is None or all_said is None:
            return
        found[said.node] = said.numbers
        if len(found) >= self._processes:
            all_said.set()
