"""A studio that runs, and a plane that sends it films."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import av
import msgspec

from hub.commands.children import spawn
from hub.kernel.clock import SystemClock
from hub.kernel.errors import TryAgain
from media import tapping
from media.line import Line
from media.tapping import Kind, TapEnded, TapKeyFrame, TapOpened, TapReader, TapSource
from media.wires import Done
from media.wires_studio import CONTROL_SOCKET, TAP_SOCKET, OfStudio
from tests.flows.studio.rtp import Timed
from tests.patience import PATIENCE

T = TypeVar("T")


def now() -> float:
    return SystemClock().now().timestamp()


@dataclass
class Studio:
    folder: Path
    process: asyncio.subprocess.Process
    line: Line
    told: list[Any] = field(default_factory=list)

    async def ask(self, request: Any, shape: type[T] = Done) -> T:  # type: ignore[assignment]
        return await self.line.ask(request, shape, PATIENCE)

    async def hear(self, shape: type[T]) -> T:
        async with asyncio.timeout(PATIENCE):
            while True:
                for one in self.told:
                    if isinstance(one, shape):
                        return one
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def studio(folder: Path, *prefix: str) -> AsyncIterator[Studio]:
    process = await spawn(None, [*prefix, sys.executable, "-m", "media", "studio", str(folder)])
    told: list[Any] = []
    line = Line(folder / CONTROL_SOCKET, OfStudio, away=lambda: TryAgain("", "the studio is away"), told=told.append,
                lost=lambda: None)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(line.run())
        try:
            async with asyncio.timeout(PATIENCE):
                while not line.up:
                    await asyncio.sleep(0.02)
            yield Studio(folder, process, line, told)
        finally:
            running.cancel()
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


class Tap:
    """The plane's side of one tap."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.keys: list[int] = []
        self._reader, self._writer = reader, writer

    def source(self, number: int, peer: str, part: str, codec: str, name: str = "") -> None:
        self._writer.write(tapping.said(Kind.SOURCE, TapSource(
            number=number, source=f"{peer}/{number}", ref=peer.partition("@")[0], name=name, part=part, codec=codec,
            kind="audio" if codec == "opus" else "video", clock_rate=48_000 if codec == "opus" else 90_000)))

    def end(self, number: int) -> None:
        self._writer.write(tapping.said(Kind.ENDED, TapEnded(number=number)))

    def packet(self, number: int, at: float, rtp: bytes) -> None:
        self._writer.write(tapping.packet(number, round(at * 1_000_000), rtp))

    async def send(self, numbers: dict[str, int], sent: Iterable[Timed], began: float, *, live: bool = False) -> None:
        """As fast as it goes, with the arrivals that they would have had; or `live`, as time passes."""
        for count, one in enumerate(sent):
            if one.codec not in numbers:
                continue
            if live:
                while now() < began + one.at:
                    await asyncio.sleep(0.01)
            elif count % 64 == 0:
                await self._writer.drain()
            self.packet(numbers[one.codec], began + one.at, one.packet)
        await self._writer.drain()

    async def heed(self) -> None:
        """Notes the key frames that are asked for, until the line ends."""
        reader = TapReader()
        while data := await self._reader.read(4_096):
            self.keys += [msgspec.msgpack.decode(body, type=TapKeyFrame).number for _, body in reader.feed(data)]

    def close(self) -> None:
        self._writer.close()


async def tap(folder: Path, room: str) -> Tap:
    reader, writer = await asyncio.open_unix_connection(str(folder / TAP_SOCKET))
    writer.write(tapping.said(Kind.OPENED, TapOpened(tap="t", room=room)))
    return Tap(reader, writer)


def decoded(path: Path | Any) -> tuple[int, int]:
    """(pictures, samples of sound at its rate) that decode."""
    with av.open(str(path) if isinstance(path, Path) else path) as container:
        pictures = sum(1 for _ in container.decode(video=0)) if container.streams.video else 0
    if not isinstance(path, Path):
        path.seek(0)
    with av.open(str(path) if isinstance(path, Path) else path) as container:
        samples = sum(frame.samples for frame in container.decode(audio=0)) if container.streams.audio else 0
    return pictures, samples


def keys_of(path: Path) -> list[bool]:
    """Of each picture, whether it is a key frame."""
    with av.open(str(path)) as container:
        return [packet.is_keyframe for packet in container.demux(video=0) if packet.pts is not None]
