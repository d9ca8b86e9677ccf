"""What is played to a server, and what it cost: one scene each."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import av

from media.shapes import FloorRules
from media.wires import FloorAct, Outcome
from media.wires_studio import (
    TAP_SOCKET,
    Fetch,
    Fetched,
    LiveStarted,
    RecordingFinished,
    StartLive,
    StartRecording,
    StopRecording,
)
from tests.bench.figure import percentile
from tests.bench.load.cost import cpu_seconds
from tests.bench.load.media import talkers
from tests.bench.load.media.caller import Caller
from tests.bench.load.media.servers import ROOM, Plane, Server, Stock, peer_of, studio
from tests.flows.studio.rtp import Timed
from tests.flows.studio.stage import Studio, now

SETTLES = 0.7
VOICE = 50
TALKER, VIEWER = ("audio sendonly", "video sendonly"), ("audio recvonly", "video recvonly")
Film = Sequence[Timed]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of a core, while `packets` a second were delivered (or taken in) for `heads`. `joined`: seconds until all were
    connected; `join_cpu`: seconds of one."""

    share: float
    packets: float
    heads: int
    joined: float = 0.0
    join_cpu: float = 0.0
    last: tuple[float, ...] = ()
    """Milliseconds until the last of all had a packet, sorted."""

    @property
    def per_packet(self) -> float:
        """Microseconds."""
        return 1e6 * self.share / self.packets if self.packets else float("inf")

    @property
    def per_head(self) -> float:
        return self.share / self.heads

    @property
    def per_voice(self) -> float:
        """Of a core for 50 packets a second: a server that is too slow delivers fewer, and would look cheap."""
        return self.per_packet / 1e6 * VOICE


@asynccontextmanager
async def beside(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one) for one in work]
        yield
        for one in running:
            one.cancel()


async def come(server: Server, watchers: Sequence[Caller], of: str) -> tuple[float, float]:
    """All at once."""
    began, before = perf_counter(), server.cpu
    async with asyncio.TaskGroup() as tasks:
        for number, one in enumerate(watchers):
            tasks.create_task(server.watch(one, f"{of}-{number}", of))
    return perf_counter() - began, (server.cpu - before) / len(watchers)


async def measured(server: Server, callers: Sequence[Caller], seconds: float) -> tuple[float, float]:
    """(share of a core, packets a second that came to these)"""
    cpu, came, began = server.cpu, total(callers), perf_counter()
    await asyncio.sleep(seconds)
    took = perf_counter() - began
    return (server.cpu - cpu) / took, (total(callers) - came) / took


def total(callers: Sequence[Caller]) -> int:
    return sum(one.packets for one in callers)


async def forward(server: Server, film: Film, viewers: int, seconds: float) -> Cost:
    """One sends voice and picture, all others watch."""
    talker, watchers = Caller(*TALKER), [Caller(*VIEWER) for _ in range(viewers)]
    await server.publish(talker, "film")
    async with beside(talkers.show(talker, film), talkers.alive([talker, *watchers])):
        await asyncio.sleep(SETTLES)
        joined, each = await come(server, watchers, "film")
        await asyncio.sleep(SETTLES)
        share, packets = await measured(server, watchers, seconds)
    leave([talker, *watchers])
    return Cost(share=share, packets=packets, heads=viewers, joined=joined, join_cpu=each)


async def broadcast(server: Server, film: Film, listeners: int, seconds: float) -> Cost:
    """One voice to all. aiortc decodes it and is given real sound; its last listener is not looked for."""
    talker, ears = Caller("audio sendonly"), [Caller("audio recvonly") for _ in range(listeners)]
    await server.publish(talker, "voice")
    sent: list[float] = []
    saying = talkers.show(talker, film, ("opus",)) if isinstance(server, Stock) else talkers.speak(talker, sent)
    async with beside(saying, talkers.alive([talker, *ears])):
        await asyncio.sleep(SETTLES)
        await come(server, ears, "voice")
        await asyncio.sleep(SETTLES)
        for one in ears:
            one.sizes = []
        share, packets = await measured(server, ears, seconds)
    leave([talker, *ears])
    last = () if isinstance(server, Stock) else tuple(talkers.last_of_all(sent, ears))
    return Cost(share=share, packets=packets, heads=listeners, last=last)


async def microphones(server: Plane | Stock, film: Film, number: int, seconds: float) -> Cost:
    """All talk; nobody listens."""
    mics = [Caller("audio sendonly") for _ in range(number)]
    for place, one in enumerate(mics):
        await server.publish(one, f"mic-{place}")
    frames = [one.packet[12:] for one in film if one.codec == "opus"]
    async with beside(talkers.chatter(mics, frames), talkers.alive(mics)):
        await asyncio.sleep(2 * SETTLES)
        came, began = await server.taken(), perf_counter()
        share, _ = await measured(server, mics, seconds)
        packets = (await server.taken() - came) / (perf_counter() - began)
    leave(mics)
    return Cost(share=share, packets=packets, heads=number)


def leave(callers: Sequence[Caller]) -> None:
    for one in callers:
        one.close()


# --- recording --------------------------------------------------------------------------------------


async def recorded(plane: Plane, film: Film, folder: Path, streams: int, seconds: float) -> tuple[Cost, int]:
    """The studio's process while it records so many; and how many pictures are missing in the files,
    which begin with a key frame."""
    await plane.clear()
    cast = [Caller(*TALKER) for _ in range(streams)]
    async with studio(folder / "studio") as one:
        await one.ask(StartRecording(recording="r1", room=ROOM, folder=str(folder / "files")))
        tap = await plane.engine.tap(ROOM, folder / "studio" / TAP_SOCKET)
        for place, talker in enumerate(cast):
            await plane.publish(talker, f"cast-{place}")
        await asyncio.sleep(SETTLES)
        async with beside(*(talkers.show(talker, film) for talker in cast), talkers.alive(cast)):
            await asyncio.sleep(SETTLES)
            before = cpu_seconds([one.process.pid])
            await asyncio.sleep(seconds)
            share = (cpu_seconds([one.process.pid]) - before) / seconds
        await asyncio.sleep(SETTLES)
        finished = await one.ask(StopRecording(recording="r1"), RecordingFinished)
        await plane.engine.untap(tap)
    leave(cast)
    files = [folder / "files" / file.file for file in finished.files if file.video]
    missing = [await asyncio.to_thread(_missing, path) for path in files]
    return Cost(share=share, packets=0, heads=streams), sum(missing) if len(files) == streams else streams


def _missing(path: Path) -> int:
    """Pictures between the first and the last: the film has 30 a second."""
    with av.open(str(path)) as container:
        times = [float(packet.pts * packet.time_base) for packet in container.demux(video=0) if packet.pts is not None]
    return round((times[-1] - times[0]) * 30) + 1 - len(times)


async def recorded_by_aiortc(server: Stock, film: Film, seconds: float) -> Cost:
    talker = Caller(*TALKER)
    await server.publish(talker, "film")
    async with beside(talkers.show(talker, film), talkers.alive([talker])):
        await asyncio.sleep(SETTLES)
        share, _ = await measured(server, [talker], seconds)
    leave([talker])
    return Cost(share=share, packets=0, heads=1)


# --- floor, live ------------------------------------------------------------------------------------


async def floor(plane: Plane, turns: int) -> float:
    """Milliseconds from the question on the plane's socket to its answer, p99."""
    await plane.clear(FloorRules())
    pair = [Caller("audio sendonly"), Caller("audio sendonly")]
    for name, one in zip("ab", pair, strict=True):
        await plane.publish(one, name)
    took: list[float] = []
    for turn in range(turns):
        peer, began = peer_of("ab"[turn % 2]), perf_counter()
        answer = await plane.engine.floor(ROOM, FloorAct.REQUEST, peer)
        took.append(1000 * (perf_counter() - began))
        if answer.outcome is not Outcome.GRANTED:
            raise RuntimeError(f"the floor was not granted: {answer}")
        await plane.engine.floor(ROOM, FloorAct.RELEASE, peer, grant=answer.state.grant)
    leave(pair)
    await plane.clear()
    return percentile(sorted(took), 0.99)


async def behind_live(plane: Plane, film: Film, folder: Path, turns: int) -> tuple[float, float]:
    """Seconds, (LL-HLS, HLS): how old the newest is when it is told, the worst of `turns`, and how far
    the playlist asks players to stay behind it."""
    await plane.clear()
    talker = Caller(*TALKER)
    async with studio(folder / "live-studio") as one:
        await one.ask(StartLive(live="l1", room=ROOM, folder=str(folder / "live")))
        tap = await plane.engine.tap(ROOM, folder / "live-studio" / TAP_SOCKET)
        await plane.publish(talker, "film")
        async with beside(talkers.show(talker, film), talkers.alive([talker])):
            await one.hear(LiveStarted)
            parts = [_age(await _playlist(one, number, 0), parts=True) for number in range(2, 2 + turns)]
            wholes = [_age(await _playlist(one, number, -1), parts=False) for number in range(2 + turns, 4 + turns)]
        await plane.engine.untap(tap)
    leave([talker])
    return max(parts), max(wholes)


async def _playlist(one: Studio, msn: int, part: int) -> str:
    told = await one.ask(Fetch(live="l1", name="index.m3u8", msn=msn, part=part), Fetched)
    return told.body.decode()


def _age(playlist: str, *, parts: bool) -> float:
    held = _number(r"PART-HOLD-BACK=([\d.]+)" if parts else r",HOLD-BACK=([\d.]+)", playlist)
    whole, _, growing = playlist.rpartition("#EXT-X-PROGRAM-DATE-TIME:")
    newest = growing if parts else whole.rpartition("#EXT-X-PROGRAM-DATE-TIME:")[2]
    length = sum(map(float, re.findall(r"PART:DURATION=([\d.]+)" if parts else r"#EXTINF:([\d.]+)", newest)))
    return now() - datetime.fromisoformat(newest.split("\n", 1)[0]).timestamp() - length + held


def _number(pattern: str, text: str) -> float:
    match = re.search(pattern, text)
    assert match, text
    return float(match[1])


