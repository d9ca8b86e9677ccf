"""The studio, asked by a hub process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from hub.kernel.errors import TryAgain
from media.line import ANSWER_SECONDS, Line
from media.wires_studio import CONTROL_SOCKET, TAP_SOCKET, Answer, Told

T = TypeVar("T")


class StudioLine:
    def __init__(self, folder: Path) -> None:
        self.taps = folder / TAP_SOCKET
        """To where the plane brings what comes in."""
        self._line = Line(folder / CONTROL_SOCKET, tuple[int, Answer | Told], away=studio_away, told=self._told, lost=lambda: None)
        self._hears: list[Callable[[Any], None]] = []

    async def run(self) -> None:
        """Keeps the line up until cancelled."""
        await self._line.run()

    @property
    def away(self) -> bool:
        return not self._line.up

    async def ask(self, what: Any, shape: type[T], within: float = ANSWER_SECONDS) -> T:
        """Raises TryAgain while the studio is away, and what it refused with."""
        return await self._line.ask(what, shape, within)

    def say(self, what: Any) -> None:
        """What is not answered: now or never."""
        self._line.say(what)

    def hear(self, hears: Callable[[Any], None]) -> None:
        self._hears.append(hears)

    def _told(self, told: Any) -> None:
        for hears in list(self._hears):
            hears(told)


def studio_away() -> TryAgain:
    return TryAgain("录制与直播服务正在重新启动，请稍等几秒再试。", "Recording and live streaming are starting again; try once more in a few seconds.",
                    code="studio-away")
